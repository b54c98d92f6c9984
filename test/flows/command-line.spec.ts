import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { sts } from '../../apps/sts/src/cli/running-cli.fixture.js';
import { fetchTrusting } from '../development-tls.js';
import { fencedBlocks } from '../fenced-blocks.js';
import { PlainBrowser } from '../plain-browser.js';
import { developerEnvironment } from './walk/environment.js';
import { ServerTerminal } from './walk/terminal.js';

/*
 * Does what docs/cli.md says, with the built server:
 *   yaml file="…"    saved under that name
 *   sh server        runs from the beginning to the end
 *   sh run           is typed, and does not fail
 *   sh browser       prints an address, at which a person signs in
 *   sh device        prints a code, which a person enters
 */
const blocks = fencedBlocks('cli.md');
const main = fileURLToPath(new URL('../../apps/sts/dist/main.js', import.meta.url));
const cli = new URL('../../apps/sts/dist/cli/run-cli.js', import.meta.url).href;
const [host, call] = ['host', 'call'].map((name) =>
  fileURLToPath(new URL(`../dist/flows/resident-cli/${name}.js`, import.meta.url)),
) as [string, string];
/** Most of the time of a process goes into loading the server, so only some examples have processes of their own. */
const ownProcess = /^sts (?:--help|completion|migrate status)|sts token decode/;

let folder: string;
let issuer: string;
let variables: Record<string, string | undefined>;
let server: ServerTerminal;
let resident: ServerTerminal;
let device: ReturnType<typeof type>;

/** The page's port may be in use. */
const here = (text: string) => text.replaceAll(/(?<=localhost:|--port )5001/g, new URL(issuer).port);
const block = (word: string) => here(blocks.find(({ words }) => words.includes(word))!.text);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-cli-'));
  issuer = `https://localhost:${await freePort()}`;
  const socket = join(folder, 'cli.sock');
  await install('bin', [main]);
  await install('resident', [call, socket]);
  for (const { attributes, text } of blocks) {
    if (attributes.file) await writeFile(join(folder, attributes.file), here(text));
  }
  const environment = developerEnvironment();
  variables = { ...environment, PATH: `${join(folder, 'bin')}${delimiter}${environment.PATH}` };
  server = new ServerTerminal(variables);
  resident = new ServerTerminal(variables);
  await Promise.all([
    server.start(block('server'), folder, '"msg":"ready"'),
    resident.start(`exec '${process.execPath}' '${host}' '${socket}' '${cli}'`, folder, 'listening'),
  ]);
  // A device asks every five seconds: it waits while the other examples run.
  device = type(block('device'), /or open (\S+)\n/, async (address) => {
    const person = await browser();
    const confirm = await person.submit(await person.signIn(await person.open(address)));
    await person.submit(confirm, { decision: 'allow' });
  });
  device.catch(() => undefined);
});
afterAll(async () => {
  await Promise.all([server.stop(), resident.stop()]);
  await rm(folder, { recursive: true });
});

/** Puts a command `sts` into a folder. */
async function install(name: string, program: readonly string[]): Promise<void> {
  const file = join(folder, name, 'sts');
  await mkdir(join(folder, name));
  await writeFile(
    file,
    `#!/bin/sh\nexec ${[process.execPath, ...program].map((word) => `'${word}'`).join(' ')} "$@"\n`,
  );
  await chmod(file, 0o755);
}

/** Types a block into a shell; `meanwhile` is told what it says on standard error, once that matches. */
async function type(commands: string, when?: RegExp, meanwhile?: (found: string) => Promise<void>) {
  const shell = spawn('bash', ['-e', '-o', 'pipefail', '-c', commands], { cwd: folder, env: variables });
  let [output, errors] = ['', ''];
  let met: Promise<void> | undefined;
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
    const found = when?.exec(errors)?.[1];
    if (found === undefined || !meanwhile) return;
    // What the person could not do, nobody needs to wait for.
    met ??= meanwhile(found).catch((error: unknown) => {
      shell.kill();
      throw error;
    });
    met.catch(() => undefined);
  });
  const exitCode = await new Promise<number | null>((resolve) => shell.on('close', resolve));
  await met;
  return { exitCode, output, errors };
}

async function browser(): Promise<PlainBrowser> {
  const ca = await readFile(join(folder, '.data', 'tls', 'ca.pem'), 'utf8');
  return new PlainBrowser({ url: issuer, fetch: fetchTrusting(ca) });
}

describe('docs/cli.md', () => {
  const promised: readonly (readonly [RegExp, RegExp])[] = [
    [/^sts --help/, /^Usage: sts/],
    [
      /^sts init/,
      /^first\.yaml is written\.\n\nThe secret of the client my-service, which is shown only now: \S{43}\n$/,
    ],
    [/^sts config validate/, /^first\.yaml is valid\.\n$/],
    [/^sts config diff/, /^Nothing to do\.\n$/],
    [/^sts config apply/, /^Nothing to do\.\n$/],
    [/^sts config export --database/, /^identityResources: \[\]\n[^]*clients: \[\]\nusers: \[\]\n$/],
    [/^sts config export/, /"clientId": "native-app"/],
    [/^sts config explain/, /^native-app is held to no profile\.\n[^]*\nrequireClientSecret +false +file\n/],
    [/^sts conformance/, /^native-app: 6 of 6 rules of oauth21 hold\n/],
    [/^sts migrate status/, /^CHANGE +STATE\n(?:\w+ +applied\n)+$/],
    [/^sts migrate up/, /^The schema is up to date\.\n$/],
    [/^sts client list/, /^CLIENT ID .*\n[^]*\nservice +client_credentials +yes +file\n/],
    [
      /^sts client show/,
      /^# The configuration file declares this client\.\nclientId: service\n[^]*sha256: \(withheld\)\n/,
    ],
    [/^sts client create/, /^Client "my-service" is made\.\n\nIts secret, which is shown only now: \S{43}\n$/],
    [/^sts client rotate-secret/, /^The new secret of client "my-service", which is shown only now: \S{43}\n$/],
    [/^sts client (?:disable|enable|remove)/, /^Client "my-service" is (?:disabled|enabled|removed): .*\n$/],
    [/^sts user list/, /^SUBJECT +USER NAME .*\n1 +alice +Alice Smith +yes +argon2id +file\n/],
    [/^sts user show/, /^subject: "1"\nusername: alice\n[^]*\nclaims:\n {2}name: Alice Smith\n$/],
    [/sts user create/, /^bob is made, with the subject [\da-f-]{36}\.\n$/],
    [/^sts user set-password/, /^bob \(subject \S+\) has another password\.\nEnded: 0 sessions\. .*\n$/],
    [/^sts user (?:disable|enable|remove)/, /^bob \(subject \S+\) is (?:disabled|enabled|removed)\.\n$/],
    [/^sts user import/, /^(?:rows +1\nimported +1\n {2}bcrypt +1\n[^]*faulty +0\n){2}$/],
    [/^sts keys list/, /^ALGORITHM +KID +STATE +CREATED +AGE\nRS256 +\S{43} +signing /],
    [/^sts keys rotate/, /^RS256: the new key is \S{43}; it is announced, and signs from \S+ on \(in 14 days\)/],
    [/sts keys revoke/, /^\S{43} \(RS256\) is revoked\.\n$/],
    [/sts keys import/, /^RS256: the key of own-key\.pem is \S{43}; it is announced, and signs from /],
    [/^sts keys reencrypt/, /^TABLE +COLUMN .*\nsigning_keys +sealed +\d+ +0 +0\n/],
    [/sts token decode/, /Signature\n {2}valid: RS256 by key \S{43} of https:/],
    [/sts perform client-credentials [^|]*$/, /^GET [^]*POST https:[^]*"token_type": "Bearer"[^]*\n {2}sub +service\n/],
    [/sts perform password/, /\n {2}password: \(withheld\)\n[^]*\nid_token\n[^]*\n {2}sub +1\n/],
    [/^sts doctor/, /^(?:fine .*\n)+$/],
    [/^sts completion/, /complete -F __sts_complete sts\n+$/],
  ];
  const examples = blocks.filter(({ words }) => words.includes('run'));

  test.each(examples.map(({ line, text }) => [line, text] as const))('line %i', async (_line, text) => {
    const { exitCode, output, errors } = await type(
      ownProcess.test(text) ? here(text) : `PATH='${join(folder, 'resident')}':$PATH\n${here(text)}`,
    );
    expect({ exitCode, errors }).toMatchObject({ exitCode: 0, errors: expect.not.stringMatching(/error|Unexpected/i) });
    const [, says] = promised.find(([command]) => command.test(text))!;
    expect(output).toMatch(says);
  });

  test('bash completes commands, options and their values with what sts completion prints', async () => {
    // What the package bash-completion brings along, as far as it is needed here.
    const words = `_get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur="\${words[cword]}"; }; compopt() { :; }`;
    const completed = (...typed: string[]) =>
      `COMP_WORDS=(sts ${typed.join(' ')}); COMP_CWORD=${typed.length}; __sts_complete; echo "\${COMPREPLY[*]}" | tr '\\n' ' '; echo`;
    const { output, errors } = await type(
      [
        words,
        'source <(sts completion bash)',
        completed('cl'),
        completed('client', 'rot'),
        completed('client', 'rotate-secret', '--keep'),
        completed('completion', "''"),
      ].join('\n'),
    );
    expect(errors).toBe('');
    expect(output.split('\n').map((line) => line.trim())).toEqual([
      'client',
      'rotate-secret',
      '--keep-old',
      'zsh bash fish powershell',
      '',
    ]);
  });

  test('a person signs in with a browser', async () => {
    const { exitCode, output } = await type(block('browser'), /(https:\S+authorize\S+)\n/, async (address) => {
      const person = await browser();
      // Anybody's program can be behind such a redirect URI, so people are always asked (RFC 8252 §8.6).
      const consent = await person.signIn(await person.open(address));
      const back = await person.submit(consent, { decision: 'allow' });
      expect(await (await fetch(back.url)).text()).toBe('Done: see the terminal. This window can be closed.\n');
    });
    expect(exitCode).toBe(0);
    expect(output).toMatch(/\n {2}code_verifier: \S{43}\n/);
    expect(output).toMatch(/\nid_token\n[^]*\n {2}nonce +\S+\n/);
  });

  test('a person enters the code of a device', async () => {
    const { exitCode, output } = await device;
    expect(exitCode).toBe(0);
    expect(output).toMatch(/\n {2}device_code: \(withheld\)\n/);
    expect(output).toMatch(/\n {2}client_id +television\n/);
  });
});

describe('sts perform', () => {
  const secret = { variables: { CLIENT_SECRET: '4ibhzmJgMTqvkoVLsjFwUw', WRONG: 'wr0ng-hunter2' } };
  const as = (clientId: string, ...more: string[]) => [
    'perform',
    'client-credentials',
    ...['--issuer', issuer, '--ca', join(folder, '.data', 'tls', 'ca.pem'), '--client-id', clientId, ...more],
  ];

  test.each([
    [
      'a wrong secret',
      ['service', '--client-secret-env', 'WRONG'],
      /invalid_client: .* Are --client-id and the secret right/,
    ],
    [
      'a scope that is not the client’s',
      ['service', '--client-secret-env', 'CLIENT_SECRET', '--scope', 'openid'],
      /invalid_scope: .* See allowedScopes/,
    ],
    [
      'a grant that is not the client’s',
      ['trusted-app', '--client-secret-env', 'CLIENT_SECRET'],
      /unauthorized_client: .* See|may not use this grant/,
    ],
    [
      'an API that is not there',
      ['service', '--client-secret-env', 'CLIENT_SECRET', '--resource', 'https://nowhere.example.com'],
      /invalid_target: .* See the names of the API resources/,
    ],
  ])('says what is wrong with %s, and never the secret', async (_what, [clientId, ...more], says) => {
    const { exitCode, output, errors } = await sts(as(clientId!, ...more), secret);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(says);
    expect(output + errors).not.toMatch(/hunter2|4ibhzmJgMTqvkoVLsjFwUw/);
  });

  test('gives programs the error, too', async () => {
    const { exitCode, json } = await sts(as('service', '--client-secret-env', 'WRONG', '--json'), secret);
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({ error: 'invalid_client', exchanges: [{ status: 200 }, { status: 401 }] });
  });

  test('reads the secret from standard input, and sends it in the form when asked', async () => {
    const args = as('service', '--client-secret-stdin', '--client-auth', 'post', '--json');
    const { exitCode, json } = await sts(args, { input: `${secret.variables.CLIENT_SECRET}\n` });
    expect(exitCode).toBe(0);
    const { exchanges, decoded } = json();
    expect(exchanges[1].form).toMatchObject({ client_id: 'service', client_secret: '(withheld)' });
    expect(decoded.access_token.claims).toMatchObject({ iss: issuer, sub: 'service' });
  });

  test('asks nobody for a secret where there is nobody', async () => {
    const { exitCode, errors } = await sts(as('service'));
    expect(exitCode).toBe(2);
    expect(errors).toBe(
      'The client secret is missing: give it by --client-secret-env or --client-secret-stdin, or say --public.\n',
    );
  });

  test('does not repeat a secret that was put where its variable’s name belongs', async () => {
    const { exitCode, errors } = await sts(as('service', '--client-secret-env', 'hunter2-secret'));
    expect(exitCode).toBe(2);
    expect(errors).not.toContain('hunter2');
  });

  test('sends nothing to a server whose certificate is not trusted', async () => {
    const args = as('service', '--client-secret-env', 'CLIENT_SECRET').filter(
      (arg, index, all) => arg !== '--ca' && all[index - 1] !== '--ca',
    );
    const { exitCode, errors } = await sts(args, secret);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/certificate cannot be traced to a trusted authority: .*--ca/);
  });
});

describe('sts doctor', () => {
  test('finds a certificate that clients do not trust', async () => {
    const { exitCode, output } = await sts(['doctor', '--issuer', issuer]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^unchecked +discovery .*--ca$/m);
    expect(output).toMatch(/^problem +certificate +clients refuse the certificate of localhost:\d+: .*DNS:localhost/m);
  });

  test('finds a certificate for another name', async () => {
    const elsewhere = issuer.replace('localhost', '127.0.0.2');
    const { output } = await sts(['doctor', '--issuer', elsewhere, '--ca', join(folder, '.data', 'tls', 'ca.pem')]);
    expect(output).toMatch(/^(?:problem|unchecked) +certificate /m);
  });
});
