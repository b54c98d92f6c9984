import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { temporaryFile } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const { privateKey, publicKey } = await generateKeyPair('ES256');
const jwks = temporaryFile(
  JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] }),
  'jwks.json',
);
const now = Math.floor(Date.now() / 1000);
const sign = (claims: Record<string, unknown>, key = privateKey, kid = 'k1') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' }).sign(key);
const token = await sign({
  iss: 'https://id.example.com',
  sub: 'alice',
  iat: now - 7200,
  exp: now + 3630,
  aud: ['api1'],
});

describe('sts token decode', () => {
  it('shows header and claims, times as dates, and that nobody checked the signature', async () => {
    const { exitCode, output, errors } = await sts(['token', 'decode'], { input: `${token}\n` });
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output).toMatch(/^Header\n {2}alg +ES256\n/);
    expect(output).toMatch(/\n {2}aud +\["api1"\]\n/);
    expect(output).toMatch(/\n {2}iat +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(2 hours ago\)\n/);
    expect(output).toMatch(/\n {2}exp +\S+Z \(in 1 hour\)\n/);
    expect(output).toMatch(/Signature\n {2}NOT CHECKED: /);
  });

  it('is coloured where that is wanted, and never with NO_COLOR', async () => {
    const output = async (variables: Record<string, string>) =>
      (await sts(['token', 'decode'], { input: token, variables })).output;
    expect(await output({ FORCE_COLOR: '1' })).toContain('\u001b[33mNOT CHECKED');
    expect(await output({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain('\u001b');
    expect(await output({})).not.toContain('\u001b');
  });

  it('takes what is copied from a header, and warns about the history of the shell', async () => {
    const { output, errors } = await sts(['token', 'decode', `Bearer ${token}`]);
    expect(output).toContain('sub  alice');
    expect(errors).toMatch(/^warning: the token is now in the history/);
    expect((await sts(['token', 'decode', '-'], { input: token })).errors).toBe('');
  });

  it('checks the signature with a file of keys', async () => {
    const { exitCode, output } = await sts(['token', 'decode', '--jwks', jwks], { input: token });
    expect(exitCode).toBe(0);
    expect(output).toContain(`valid: ES256 by key k1 of ${jwks}`);
  });

  it.each([
    [
      'was changed',
      async () => token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"mallory"}').toString('base64url')}.`),
    ],
    ['another key made', async () => sign({ sub: 'alice' }, (await generateKeyPair('ES256')).privateKey)],
    ['names a key that is not there', async () => sign({ sub: 'alice' }, privateKey, 'k2')],
    [
      'is not signed (alg none)',
      async () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"alice"}').toString('base64url')}.`,
    ],
  ])('ends with 1 where the token %s', async (_what, make) => {
    const { exitCode, json } = await sts(['token', 'decode', '--jwks', jwks, '--json'], { input: await make() });
    expect(exitCode).toBe(1);
    expect(json().signature.status).toBe('invalid');
  });

  it('asks no issuer that the token does not come from', async () => {
    const { exitCode, output } = await sts(['token', 'decode', '--issuer', 'https://other.example.com'], {
      input: token,
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("INVALID: the token's iss is not https://other.example.com");
  });

  it.each([
    ['', /There is no token/],
    ['8YSISWpPwaLLapSfO_n2FQ', /reference or refresh token has no content/],
    ['a.b.c.d.e', /is encrypted/],
    ['a.b.c', /Was it cut off\?/],
  ])('says what %j is instead', async (input, says) => {
    expect(await sts(['token', 'decode'], { input })).toMatchObject({
      exitCode: 1,
      output: '',
      errors: expect.stringMatching(says),
    });
  });

  it('shows what would steer the terminal as an escape', async () => {
    const { output } = await sts(['token', 'decode'], {
      input: await sign({ name: 'a\u001b[2Jb\u202e', n: '\u009b' }),
    });
    for (const character of ['\u001b', '\u009b', '\u202e']) expect(output).not.toContain(character);
    expect(output).toContain('a\\u001b[2Jb\\u202e');
  });
});
