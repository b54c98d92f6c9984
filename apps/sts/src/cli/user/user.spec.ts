import { PassThrough, Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SessionStore } from '@tessera/resource-model';
import { basic, runSts, type RunningSts, secrets } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { runCli } from '../run-cli.js';
import { sts } from '../running-cli.fixture.js';

const data = temporaryFolder();
const variables = { STS_DATA: data, STS_DATABASE_URL: `sqlite:${data}/sts.sqlite` };
const bcrypt = '$2b$12$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS';
let server: RunningSts;

beforeAll(async () => {
  server = await runSts(variables);
});

const user = (...args: string[]) => sts(['user', ...args], { variables });
const passwordFile = (password: string) => temporaryFile(`${password}\n`, 'password');

async function token(parameters: Record<string, string>): Promise<{ status: number; body: Record<string, string> }> {
  const headers = { authorization: basic('app', secrets.client) };
  const body = new URLSearchParams({ grant_type: 'password', ...parameters });
  const answer = await fetch(`${server.url}/connect/token`, { method: 'POST', headers, body });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

/** A server reads each second what others changed. */
async function within2Seconds(status: () => Promise<number>, expected: number): Promise<void> {
  const end = Date.now() + 2000;
  while ((await status()) !== expected) {
    if (Date.now() > end) throw new Error(`It is not ${expected} within two seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('sts user create', () => {
  it('shows nobody’s name to a terminal in a way that turns its text around', async () => {
    await user('create', 'mallory\u202Eecila', '--no-password');
    const { exitCode, errors } = await user('create', 'mallory\u202Eecila', '--no-password');
    expect(exitCode).toBe(1);
    expect(errors).toContain('"mallory\\u202eecila" already');
  });

  it('makes a person who signs in at once, and shows nothing of the password but how it was hashed', async () => {
    const made = await user('create', 'Alice', '--claim', 'name=Alice Smith', '--claim', 'email_verified=true', '--password-file', passwordFile('wonderland')); // prettier-ignore
    expect(made).toMatchObject({ exitCode: 0, errors: '' });
    const [, subject] = /^Alice is made, with the subject ([\da-f-]{36})\.\n$/.exec(made.output)!;
    expect((await token({ username: 'alice', password: 'wonderland' })).status).toBe(200);
    const shown = await user('show', 'ALICE', '--json');
    const claims = { name: 'Alice Smith', email_verified: true };
    expect(shown.json()).toEqual({ subject, username: 'Alice', enabled: true, password: 'argon2id', from: 'database', claims }); // prettier-ignore
    expect((await user('show', subject!)).output).toBe(
      `subject: ${subject}\nusername: Alice\nenabled: true\npassword: argon2id\nfrom: database\nclaims:\n  name: Alice Smith\n  email_verified: true\n`,
    );
  });

  it('takes a hash from elsewhere, or no password at all', async () => {
    await user('create', 'hashed', '--subject', 'hashed', '--password-hash', bcrypt);
    await user('create', 'external', '--subject', 'external', '--no-password');
    expect((await user('show', 'hashed', '--json')).json()).toMatchObject({ password: 'bcrypt' });
    expect((await user('show', 'external', '--json')).json()).toMatchObject({ password: 'none' });
    expect((await user('show', 'hashed')).output).not.toContain(bcrypt.slice(7));
  });

  it('asks for the password twice, and makes nobody where it differs', async () => {
    const typed = async (...lines: string[]) => {
      const stdin = Object.assign(Readable.from(lines), { isTTY: true });
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const exitCode = await runCli(['user', 'create', 'typed'], { variables, stdin, stdout, stderr });
      return { exitCode, errors: String(stderr.read()) };
    };
    const differing = await typed('first one\n', 'second one\n');
    expect(differing.exitCode).toBe(1);
    expect(differing.errors).toContain('These are two different passwords: nothing was changed.');
    expect((await user('show', 'typed')).exitCode).toBe(1);
    expect(await typed('the same\n', 'the same\n')).toMatchObject({ exitCode: 0 });
    expect((await token({ username: 'typed', password: 'the same' })).status).toBe(200);
  });

  it.each([
    [['carol', '--no-password'], 1, 'There is a person with the user name "carol" already: subject 1.\n'],
    [['else', '--subject', '1', '--no-password'], 1, 'There is a person with the subject "1" already.\n'],
    [['dave', '--subject', 'with space', '--no-password'], 2, 'subject: subject must be 1 to 255 printable ASCII characters without space (got "with space")\n'],
    [['dave', '--claim', 'email_verified=no', '--no-password'], 2, 'claims.email_verified: must be true or false, without quotes (OpenID Connect Core §5.1) (got "no")\n'],
    [['dave', '--password-hash', '$2b$12$hunter2'], 2, /^passwordHash: .* is damaged or cut off: .* \(the value is not shown\)\n$/],
    [['  ', '--no-password'], 2, /^username: must have a visible character/],
    [['dave'], 2, 'The password is missing: give it by --password-file, --password-hash or --no-password.\n'],
    [['dave', '--no-password', '--password-file', 'x'], 2, '--no-password leaves no place for another option about the password.\n'],
    [['dave', '--password-file', '/nowhere/x'], 2, /^--password-file cannot be read: ENOENT/],
  ] as const)('says what is wrong with %j', async (args, code, words) => {
    const { exitCode, output, errors } = await user('create', ...args);
    expect({ exitCode, output }).toEqual({ exitCode: code, output: '' });
    expect(errors).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
    expect((await user('show', 'dave')).errors).toBe('There is nobody with the subject or the user name "dave".\n');
  }); // prettier-ignore
});

describe('sts user list', () => {
  it('lists page by page, and says how it goes on', async () => {
    for (const subject of ['x1', 'x2', 'x3']) await user('create', subject, '--subject', subject, '--no-password');
    const first = await user('list', '--limit', '1', '--after', 'x');
    expect(first.output).toMatch(/^SUBJECT +USER NAME +NAME +ENABLED +PASSWORD +FROM\nx1 +x1 +yes +none +database\n$/);
    expect(first.errors).toBe('There are more: go on with --after x1\n');
    const rest = await user('list', '--after', 'x1', '--json');
    const people = rest.json() as { subject: string }[];
    expect(people.map(({ subject }) => subject)).toEqual(['x2', 'x3']);
    expect((await user('list', '--json')).json()).toContainEqual(
      expect.objectContaining({ subject: '1', username: 'carol', password: 'argon2id', from: 'file' }),
    );
    expect(JSON.stringify(people)).not.toMatch(/\$|claims/);
  });

  it('finds one by the user name', async () => {
    expect((await user('list', '--search', 'CAROL', '--json')).json()).toMatchObject([{ subject: '1' }]);
    expect(await user('list', '--search', 'caro')).toMatchObject({ exitCode: 0, output: '', errors: 'There is nobody.\n' }); // prettier-ignore
    expect((await user('list', '--limit', '0')).exitCode).toBe(2);
  });

  it('lets nobody write on the screen by a name', async () => {
    await user('create', 'evil\u202E', '--subject', 'evil', '--no-password', '--claim', 'name=\u001B[2J');
    expect((await user('list')).output).toMatch(/evil\\u202e +\\u001b\[2J/);
    for (const { output } of [await user('list'), await user('show', 'evil')]) {
      for (const character of ['\u001B', '\u202E']) expect(output).not.toContain(character);
    }
    expect((await user('remove', 'evil', '--yes')).output).toBe('evil\\u202e (subject evil) is removed.\n');
  });
});

describe('sts user disable', () => {
  it('keeps a person out of a running server within two seconds, until it is enabled again', async () => {
    await user('create', 'erin', '--subject', 'erin', '--password-file', passwordFile('erin'));
    const { body } = await token({ username: 'erin', password: 'erin', scope: 'openid' });
    const headers = { authorization: `Bearer ${body.access_token}` };
    const userinfo = async () => (await fetch(`${server.url}/connect/userinfo`, { headers })).status;
    expect(await userinfo()).toBe(200);
    expect((await user('disable', 'erin')).output).toBe('erin (subject erin) is disabled.\n');
    await within2Seconds(userinfo, 401);
    expect((await token({ username: 'erin', password: 'erin' })).status).toBe(400);
    expect((await user('enable', 'erin', '--json')).json()).toMatchObject({ subject: 'erin', enabled: true });
    await within2Seconds(userinfo, 200);
  });

  it.each(['disable', 'enable', 'remove'])('leaves people of the configuration file alone: %s', async (command) => {
    const { exitCode, errors } = await user(command, 'carol', ...(command === 'remove' ? ['--yes'] : []));
    expect({ exitCode, errors }).toEqual({
      exitCode: 1,
      errors: 'The configuration file declares user "1": change it there.\n',
    });
  });

  it('takes nobody for somebody else whose subject is the user name', async () => {
    await user('create', 'hashed too', '--subject', 'shadow', '--no-password');
    await user('create', 'shadow', '--no-password');
    const { exitCode, errors } = await user('disable', 'shadow');
    expect(exitCode).toBe(1);
    expect(errors).toContain(
      '"shadow" is the subject of one person, whose user name is "hashed too", and the user name',
    );
    expect((await user('disable', 'hashed too')).exitCode).toBe(0);
  });
});

describe('sts user remove', () => {
  it('asks first', async () => {
    expect(await user('remove', 'external')).toMatchObject({ exitCode: 2, errors: expect.stringContaining('--yes') });
    const no = await sts(['user', 'remove', 'external'], { variables, input: 'n\n', isTTY: true });
    expect(no.errors).toContain('Remove external (subject external)? [y/N]');
    expect((await user('show', 'external')).exitCode).toBe(0);
    expect((await user('remove', 'external', '--yes', '--json')).json()).toMatchObject({
      removed: { subject: 'external' },
    });
    expect((await user('show', 'external')).exitCode).toBe(1);
  });
});

describe('sts user set-password', () => {
  it('gives people another password, those of the file, too', async () => {
    const { output, errors } = await user('set-password', 'carol', '--password-file', passwordFile('another'));
    expect(output).toBe('carol (subject 1) has another password.\n');
    expect(errors).toContain('the password stays until the file says another one');
    expect((await token({ username: 'carol', password: 'another' })).status).toBe(200);
    expect((await token({ username: 'carol', password: secrets.password })).status).toBe(400);
  });

  it('with --end-sessions leaves nothing open to whoever knew the old one', async () => {
    await user('create', 'frank', '--subject', 'frank', '--password-file', passwordFile('known to others'));
    const { body } = await token({ username: 'frank', password: 'known to others', scope: 'openid offline_access' });
    const now = Math.floor(Date.now() / 1000);
    const authentication = { time: now, methods: ['pwd'] };
    const times = { createdAt: now, lastSeenAt: now, expiresAt: now + 3600 };
    const sessions = server.app.get(SessionStore, { strict: false });
    await sessions.add({ handleHash: 'h' as never, id: 'sid', subject: 'frank', authentication, remembered: false, ...times, clients: ['app'] }); // prettier-ignore
    const args = ['set-password', 'frank', '--password-file', passwordFile('mine alone'), '--end-sessions'];
    const { output } = await user(...args);
    expect(output).toContain('Ended: one session. All tokens are taken back.');
    expect(await sessions.listBySubject('frank')).toEqual([]);
    const refreshed = await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token! });
    expect(refreshed.body.error).toBe('invalid_grant');
    const headers = { authorization: `Bearer ${body.access_token}` };
    await within2Seconds(async () => (await fetch(`${server.url}/connect/userinfo`, { headers })).status, 401);
    expect((await user(...args, '--json')).json()).toMatchObject({ subject: 'frank', endedSessions: 0 });
  });
});

it('Nobody who is not there is changed', async () => {
  for (const command of ['show', 'disable', 'enable', 'remove', 'set-password']) {
    expect(await user(command, 'nobody')).toMatchObject({
      exitCode: 1,
      errors: 'There is nobody with the subject or the user name "nobody".\n',
    });
  }
});
