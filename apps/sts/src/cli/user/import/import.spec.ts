import { pbkdf2Sync } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { User } from '@tessera/resource-model';
import { ConfigurationEditor } from '@tessera/typeorm-store';
import { basic, runSts, type RunningSts, secrets } from '../../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../../temporary-folder.fixture.js';
import { sts } from '../../running-cli.fixture.js';
import { importPeople } from './import-people.js';

const data = temporaryFolder();
const variables = { STS_DATA: data, STS_DATABASE_URL: `sqlite:${data}/sts.sqlite` };
/** Of crypt_blowfish's tests, and of passlib's and ASP.NET Core Identity's. */
const bcrypt = '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui';
const identity = 'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==';
let server: RunningSts;
let people: ConfigurationEditor['users'];

beforeAll(async () => {
  server = await runSts(variables);
  people = server.app.get(ConfigurationEditor, { strict: false }).users;
});
beforeEach(async () => {
  for (const { item, isOfFile } of await people.page('', 10_000)) if (!isOfFile) await people.remove(item.subject);
});

const lines = (...rows: object[]) => temporaryFile(rows.map((row) => JSON.stringify(row)).join('\n'), 'people.jsonl');
const csv = (text: string) => temporaryFile(text, 'people.csv');
const run = (file: string, ...args: string[]) => sts(['user', 'import', file, ...args], { variables });
const usernames = async () => (await people.page()).map(({ item }) => item.username);
const person = async (username: string) => (await people.findByUsername(username))?.item;

describe('sts user import', () => {
  it('brings people out of JSON lines', async () => {
    const file = lines(
      {
        subject: 7,
        username: 'Alice',
        password_hash: bcrypt,
        claims: { email: 'a@example.com' },
        'claim.name': 'Alice',
      },
      { username: 'bob', passwordHash: identity, enabled: false },
      { username: 'external' },
    );
    const { exitCode, output, errors } = await run(file);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output.replaceAll(/ +/g, ' ')).toBe(
      'rows 3\nimported 3\n bcrypt 1\n ASP.NET Core Identity v3 1\n none 1\nupdated 0\nskipped 0\nfaulty 0\n',
    );
    const claims = { email: 'a@example.com', name: 'Alice' };
    expect(await person('alice')).toEqual(new User({ subject: '7', username: 'Alice', passwordHash: bcrypt, claims }));
    expect(await person('bob')).toMatchObject({ enabled: false, subject: expect.stringMatching(/^[\da-f-]{36}$/) });
  });

  it('refuses what can be read only once, as a pipe: it would have checked the people and imported nobody', async () => {
    const { exitCode, errors } = await run('/dev/null', '--format', 'jsonl');
    expect(exitCode).toBe(2);
    expect(errors).toBe('/dev/null is no file: it is read twice, so write into one what comes from a pipe.\n');
  });

  it('brings people out of a table, whose columns may have other names', async () => {
    const file = csv(
      '\uFEFFId,UserName,PasswordHash,Email,EmailConfirmed,Phone,Roles,SecurityStamp\r\n' +
        `1c,"Smith, Alice",${identity},a@example.com,True,0049123,"[""a"",""b""]",x\r\n` +
        '2c,bob,,,f,,,y\r\n',
    );
    const map = ['Id=subject', 'Email=claim.email', 'EmailConfirmed=claim.email_verified', 'Phone=claim.phone_number', 'Roles=claim.role']; // prettier-ignore
    const { exitCode, errors } = await run(file, ...map.flatMap((one) => ['--map', one]));
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: 'Columns that mean nothing here: SecurityStamp\n' });
    const claims = { email: 'a@example.com', email_verified: true, phone_number: '0049123', role: ['a', 'b'] };
    expect(await person('smith, alice')).toMatchObject({ subject: '1c', passwordHash: identity, claims });
    expect(await person('bob')).toEqual(
      new User({ subject: '2c', username: 'bob', claims: { email_verified: false } }),
    );
    expect((await run(file, '--map', 'Id=sub')).exitCode).toBe(2);
  });

  it('brings people out of a JSON list', async () => {
    const json = temporaryFile(JSON.stringify({ users: [{ username: 'alice' }, 'bob'] }), 'people.json');
    expect(await run(json)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining(`${json}[1] must be an object`),
    });
    expect(await run(json, '--skip-faulty')).toMatchObject({ exitCode: 1 });
    expect(await usernames()).toContain('alice');
    for (const [text, words] of [
      ['{"username":"a"}\n{"username":"b"}', 'is no JSON; is there one object in each line?'],
      ['{}', 'must be a list of people'],
    ] as const) {
      expect((await run(temporaryFile(text, 'people.json'))).errors).toContain(words);
    }
  });

  it('imports nothing where a row is faulty, says which and why, and never shows a hash or a password', async () => {
    const file = lines(
      { username: 'good' },
      { username: 'plain', password: 'hunter2' },
      { username: 'damaged', password_hash: '$2b$10$hunter2' },
      { username: 'GOOD ' },
      { username: 'claims', claims: { email_verified: 'maybe' } },
      { subject: 'with space' },
      { subject: '1', username: 'somebody' },
      { username: 'Carol' },
      { username: 'half \uD800' },
    );
    writeFileSync(file, '\n\n{"username": hunter2', { flag: 'a' });
    const { exitCode, output, errors } = await run(file);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^rows +10\nimported +0\nupdated +0\nskipped +0\nfaulty +9\n$/);
    expect(errors.replaceAll(file, 'people').split('\n')).toEqual([
      'people:2 password: is a password as it is typed, which belongs in no file: give password_hash, or leave it out',
      expect.stringMatching(/^people:3 password_hash: is damaged or cut off: bcrypt looks like [^(]*$/),
      'people:4 username: is the same as in people:1 (got "GOOD ")',
      expect.stringMatching(/^people:5 claim.email_verified: must be true or false.* \(got "maybe"\)$/),
      expect.stringMatching(/^people:6 subject: /),
      expect.stringMatching(/^people:6 username: .* \(missing\)$/),
      expect.stringMatching(/^people:7 subject: is there already: .*--skip-existing.*--update/),
      expect.stringMatching(/^people:8 subject: is there already/),
      expect.stringMatching(/^people:9 username: must have a visible character/),
      'people:11 is no JSON: every line has to be one object',
      'Nothing is imported: correct these rows, or import the others by --skip-faulty.',
      '',
    ]);
    expect(errors + output).not.toContain('hunter2');
    expect(await usernames()).toEqual(['carol']);
    const document = (await run(file, '--json')).json();
    expect(document).toMatchObject({ isImported: false, rows: 10, imported: 0, faulty: 9, passwords: {} });
    expect(document.faults[0]).toEqual({ line: 2, path: 'password', problem: expect.any(String) });
    const partly = await run(file, '--skip-faulty');
    expect(partly).toMatchObject({ exitCode: 1, output: expect.stringMatching(/imported +1\n/) });
    expect(await usernames()).toContain('good');
  });

  it('names the first fifty faults, and counts the others', async () => {
    const { errors } = await run(lines(...Array.from({ length: 120 }, () => ({ username: '' }))));
    expect(errors.split('\n')).toHaveLength(53);
    expect(errors).toContain('… and 70 more.');
  });

  it('only says what would happen in a dry run', async () => {
    const { exitCode, output, errors } = await run(lines({ username: 'alice' }), '--dry-run');
    expect({ exitCode, errors }).toEqual({
      exitCode: 0,
      errors: 'Nothing is changed: this is what would happen.\n',
    });
    expect(output).toMatch(/imported +1\n/);
    expect(await usernames()).toEqual(['carol']);
  });

  it('goes on where it broke off: with --skip-existing people stay as they are who are there', async () => {
    const rows = Array.from({ length: 1200 }, (_one, index) => ({ username: `user ${index}`, enabled: false }));
    await run(lines(...rows.slice(0, 700)));
    const before = await person('user 3');
    const again = await run(lines(...rows), '--skip-existing', '--json');
    expect(again.json()).toMatchObject({ isImported: true, rows: 1200, imported: 500, skipped: 700, faulty: 0 });
    expect(await person('user 3')).toEqual(before);
    expect((await people.page('', 2000)).length).toBe(1201);
  });

  it('with --update changes what the rows say and nothing else, and takes no password back that somebody has here', async () => {
    const ours = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc';
    const there = { enabled: false, claims: { email: 'old@example.com', name: 'Name' } };
    await people.add(
      new User({ subject: 'a', username: 'alice', passwordHash: bcrypt, ...there }),
      new User({ subject: 'b', username: 'bob', passwordHash: ours, ...there }),
      new User({ subject: 'c', username: 'same', passwordHash: bcrypt }),
    );
    const file = lines(
      { subject: 'a', username: 'Alice.Smith', password_hash: identity },
      { username: 'bob', password_hash: identity, enabled: true, 'claim.email': 'new@example.com' },
      { username: 'same', password_hash: bcrypt },
      { username: 'carol', enabled: false },
      { username: 'new' },
    );
    const { json } = await run(file, '--update', '--json');
    expect(json()).toMatchObject({ isImported: true, imported: 1, updated: 2, skipped: 2, faulty: 0 });
    expect(await person('alice.smith')).toEqual(
      new User({ subject: 'a', username: 'Alice.Smith', passwordHash: identity, ...there }),
    );
    const claims = { email: 'new@example.com', name: 'Name' };
    expect(await person('bob')).toEqual(new User({ subject: 'b', username: 'bob', passwordHash: ours, claims }));
    expect((await person('carol'))?.enabled).toBe(true);
  });

  it('gives nobody the user name of somebody else', async () => {
    await people.add(new User({ subject: 'a', username: 'alice' }), new User({ subject: 'b', username: 'bob' }));
    for (const rule of ['--update', '--skip-existing']) {
      const { errors } = await run(lines({ subject: 'x', username: 'ALICE' }), rule);
      expect(errors).toContain('username: belongs to somebody else, whose subject is a (got "alice")');
    }
    const { errors } = await run(lines({ subject: 'b', username: 'alice' }), '--update');
    expect(errors).toContain('belongs to somebody else, whose subject is a');
  });

  it('says of a file what is wrong with it', async () => {
    for (const [file, code, words] of [
      ['/nowhere/people.csv', 2, 'ENOENT'],
      [temporaryFile('{}', 'people.txt'), 2, 'Say it by --format jsonl, json or csv.'],
      [csv('username,username\na,b\n'), 1, 'has two columns named "username"'],
      [csv('username,claim.name\na,"b\nc,d\n'), 1, 'is no CSV (CSV_QUOTE_NOT_CLOSED): is a quotation mark missing?'],
      [csv('username,claim.name\na\n'), 1, ':2 has 1 values, but there are 2 columns'],
    ] as const) {
      const { exitCode, errors } = await run(file);
      expect([exitCode, errors]).toEqual([code, expect.stringContaining(words)]);
      expect(errors).not.toContain('Unexpected');
    }
    expect(await run(csv('username\nalice\n'), '--skip-existing', '--update')).toMatchObject({ exitCode: 2 });
  });
});

it('A person whom somebody makes at the same moment stands in the way of nobody else', async () => {
  const busy = Object.create(people) as typeof people;
  busy.add = async (...users) => {
    delete (busy as Partial<typeof people>).add;
    await people.add(new User({ subject: 'x', username: 'bob' }));
    return people.add(...users);
  };
  async function* rows() {
    yield* ['alice', 'bob', 'cyd'].map((username, index) => ({ line: index + 1, fields: { username } }));
  }
  const rules = { existing: 'refuse', map: new Map<string, string>(), place: String } as const;
  const { counts, faults } = await importPeople(rows(), busy, rules);
  expect(counts).toEqual({ rows: 3, imported: 2, updated: 0, skipped: 0, faulty: 1 });
  expect(faults).toEqual([expect.objectContaining({ line: 2, path: 'subject', value: 'x' })]);
  expect(await usernames()).toEqual(expect.arrayContaining(['alice', 'bob', 'cyd']));
});

describe('Somebody who was imported', () => {
  const first72 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const dotted = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '').replaceAll('+', '.');
  const salt = Buffer.from('sixteen of bytes');
  const pbkdf2 = `$pbkdf2-sha256$27500$${dotted(salt)}$${dotted(pbkdf2Sync('keycloak', salt, 27_500, 32, 'sha256'))}`;

  it('out of Keycloak, as docs/people.md says, comes with a hash that is known here', async () => {
    const page = readFileSync(new URL('../../../../../../docs/people.md', import.meta.url), 'utf8');
    const script = /^```js file="keycloak-people.mjs"\n([^]*?)^```$/m.exec(page)![1]!;
    const secretData = { value: Buffer.alloc(32, 255).toString('base64'), salt: salt.toString('base64') };
    const credentialData = { hashIterations: 27_500, algorithm: 'pbkdf2-sha256', additionalParameters: {} };
    const credential = {
      type: 'password',
      secretData: JSON.stringify(secretData),
      credentialData: JSON.stringify(credentialData),
    };
    const alice = { id: 'a', username: 'alice', enabled: true, emailVerified: false, credentials: [credential] };
    const realm = temporaryFile(JSON.stringify({ realm: 'shop', users: [alice] }), 'realm.json');
    const { stdout } = spawnSync(process.execPath, [temporaryFile(script, 'keycloak-people.mjs'), realm]);
    expect(await run(temporaryFile(String(stdout), 'people.jsonl'))).toMatchObject({ exitCode: 0 });
    expect((await person('alice'))?.passwordHash).toBe(`$pbkdf2-sha256$27500$${dotted(salt)}$${'/'.repeat(42)}8`);
  });

  it.each([
    ['bcrypt', bcrypt, first72],
    ['pbkdf2-sha256', pbkdf2, 'keycloak'],
  ])('signs in with the password of before, by %s, and has a hash of ours then', async (kind, hash, password) => {
    await run(lines({ username: 'alice', password_hash: hash }));
    const kindNow = async () => (await sts(['user', 'show', 'alice', '--json'], { variables })).json().password;
    const signIn = async (typed: string) => {
      const body = new URLSearchParams({ grant_type: 'password', username: 'alice', password: typed });
      const headers = { authorization: basic('app', secrets.client) };
      return (await fetch(`${server.url}/connect/token`, { method: 'POST', headers, body })).status;
    };
    expect(await kindNow()).toBe(kind);
    expect(await signIn('wrong')).toBe(400);
    expect(await kindNow()).toBe(kind);
    for (let i = 0; i < 2; i++) expect(await signIn(password)).toBe(200);
    expect(await kindNow()).toBe('argon2id');
  });
});
