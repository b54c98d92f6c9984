import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TypeOrmStores } from '@tessera/typeorm-store';
import { DpopHolder, type ProofChanges } from '../../libs/token-server/src/possession/dpop-holder.spec.fixture.js';
import type { PlainBrowser } from '../plain-browser.js';
import type { Answer } from '../requests.js';
import { basic, type RunningServer, startServer } from '../running-server.js';
import { encryptionKey } from '../stores/test-stores.js';
import { answerOf, authorizeAddress, redeem, signedIn, startForPeople, webClient } from './people.fixture.js';

// Two nodes of one server, which share a database and nothing else.

const isPublic = { clientSecrets: [], requireClientSecret: false };
const clients = [
  webClient('web'),
  webClient('app', isPublic),
  webClient('bound', { requireDpop: true, allowedGrantTypes: ['hybrid'] }),
];
const form = { grant_type: 'client_credentials' };

let folder: string;
let one: RunningServer;
let two: RunningServer;
let alice: PlainBrowser;
let tokenUrl: string;
let userinfoUrl: string;
const holder = new DpopHolder();
const thief = new DpopHolder();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-dpop-'));
  const stores = () =>
    TypeOrmStores.forRoot({ url: `sqlite:${join(folder, 'shared.sqlite')}`, encryptionKeys: [encryptionKey] });
  one = await startForPeople(clients, { options: { stores: stores() } });
  two = await startForPeople(clients, { options: { issuer: one.url, stores: stores() } });
  [tokenUrl, userinfoUrl] = [`${one.url}/connect/token`, `${one.url}/connect/userinfo`];
  alice = await signedIn(one);
});
afterAll(async () => {
  await two?.close();
  await one?.close();
  await rm(folder, { recursive: true });
});

const ask = (server: RunningServer, dpop: string): Promise<Answer> =>
  server.form('connect/token', form, { ...basic('simple_client'), dpop });
const verdict = ({ status, body }: Answer) => (status === 200 ? 'accepted' : body.error);
const judge = async (method: string, url: string, changes?: ProofChanges, by = holder) =>
  verdict(await ask(one, by.proof(method, url, changes)));
const now = () => Math.floor(Date.now() / 1000);

async function codeOf(clientId: string, more: Record<string, string> = {}): Promise<string> {
  const scope = 'openid profile offline_access';
  const back = await alice.open(authorizeAddress({ client_id: clientId, scope, ...more }));
  return answerOf(back).code!;
}
const redeemBy = (clientId: string, code: string, by?: DpopHolder) => {
  const proof: Record<string, string> = by ? { dpop: by.proof('POST', tokenUrl) } : {};
  const isApp = clientId === 'app';
  return redeem(one, code, isApp ? { client_id: 'app' } : {}, isApp ? proof : { ...basic(clientId), ...proof });
};

describe('Replay of a proof', () => {
  it('at another node that shares the database is refused (RFC 9449 §11.1)', async () => {
    const proof = holder.proof('POST', tokenUrl);
    expect(verdict(await ask(one, proof))).toBe('accepted');
    expect(verdict(await ask(two, proof))).toBe('invalid_dpop_proof');
    expect(verdict(await ask(one, proof))).toBe('invalid_dpop_proof');
  });

  it('twenty times at once over both nodes gives one token', async () => {
    const proof = holder.proof('POST', tokenUrl);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2 === 0 ? one : two, proof)));
    const verdicts = answers.map(verdict);
    expect(verdicts.filter((one) => one === 'accepted')).toHaveLength(1);
    expect(verdicts.filter((one) => one === 'invalid_dpop_proof')).toHaveLength(19);
  });

  it('with the jti in a new proof of the same key is refused, and of another key is not: nobody can use up the jti of others', async () => {
    expect(await judge('POST', tokenUrl, { claims: { jti: 'known' } }, thief)).toBe('accepted');
    expect(await judge('POST', tokenUrl, { claims: { jti: 'known' } })).toBe('accepted');
    expect(await judge('POST', tokenUrl, { claims: { jti: 'known', iat: now() - 1 } })).toBe('invalid_dpop_proof');
  });
});

describe('A proof that is not for this request', () => {
  it.each(['userinfo', 'revocation', 'par', 'token/'])('RFC 9449 §4.3: htu of %s is refused', async (path) => {
    expect(await judge('POST', `${one.url}/connect/${path}`)).toBe('invalid_dpop_proof');
  });

  it('htu is held against the issuer, not against the host by which the request came', async () => {
    const proof = holder.proof('POST', `${two.url}/connect/token`);
    const forwarded = { 'x-forwarded-host': new URL(two.url).host, forwarded: `host=${new URL(two.url).host}` };
    const answer = await two.form('connect/token', form, { ...basic('simple_client'), ...forwarded, dpop: proof });
    expect(verdict(answer)).toBe('invalid_dpop_proof');
    expect(verdict(await ask(two, holder.proof('POST', tokenUrl)))).toBe('accepted');
  });

  it.each(['GET', 'PUT', 'post', 'POST '])('RFC 9449 §4.3: htm %s is refused', async (method) => {
    expect(await judge(method, tokenUrl)).toBe('invalid_dpop_proof');
  });

  it.each([
    ['a day old', -86_400],
    ['older than its lifetime and the tolerance', -75],
    ['of a time to come', 60],
    ['in milliseconds', now() * 999],
  ])('RFC 9449 §4.3: iat %s is refused', async (_what, offset) => {
    expect(await judge('POST', tokenUrl, { claims: { iat: now() + offset } })).toBe('invalid_dpop_proof');
  });
});

describe('A proof that proves nothing', () => {
  it('with the private key in it is refused (RFC 9449 §4.3), and the key is not quoted', async () => {
    const jwk = thief.privateKey.export({ format: 'jwk' });
    const { status, body } = await ask(one, thief.proof('POST', tokenUrl, { header: { jwk } }));
    expect([status, body.error]).toEqual([400, 'invalid_dpop_proof']);
    expect(JSON.stringify(body)).not.toContain(jwk.d);
  });

  it('with alg none, or HS256 with the public key as the secret, is refused', async () => {
    const [, payload] = holder.proof('POST', tokenUrl).split('.');
    const header = (alg: string, jwk: object) =>
      Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg, jwk })).toString('base64url');
    const unsigned = `${header('none', holder.jwk)}.${payload}.`;
    expect(verdict(await ask(one, unsigned))).toBe('invalid_dpop_proof');
    const k = Buffer.from(JSON.stringify(holder.jwk)).toString('base64url');
    for (const jwk of [holder.jwk, { kty: 'oct', k }]) {
      const input = `${header('HS256', jwk)}.${payload}`;
      const mac = createHmac('sha256', Buffer.from(k, 'base64url')).update(input).digest('base64url');
      expect(verdict(await ask(one, `${input}.${mac}`))).toBe('invalid_dpop_proof');
    }
  });

  it('that names the key of another, or is of another type, is refused', async () => {
    expect(await judge('POST', tokenUrl, { header: { jwk: holder.jwk } }, thief)).toBe('invalid_dpop_proof');
    expect(await judge('POST', tokenUrl, { header: { typ: 'JWT' } })).toBe('invalid_dpop_proof');
  });
});

describe('A stolen code', () => {
  it('RFC 9449 §10: bound by dpop_jkt is worth nothing without the key, and is not used up by the try', async () => {
    for (const clientId of ['web', 'app']) {
      const code = await codeOf(clientId, { dpop_jkt: holder.thumbprint });
      expect(verdict(await redeemBy(clientId, code, thief))).toBe('invalid_grant');
      expect(verdict(await redeemBy(clientId, code))).toBe('invalid_grant');
      const { body } = await redeemBy(clientId, code, holder);
      expect(body.token_type).toBe('DPoP');
    }
  });

  it('RFC 9449 §10: dpop_jkt that is no thumbprint is refused before a person is asked', async () => {
    for (const dpop_jkt of ['x', `${holder.thumbprint}=`, holder.thumbprint.slice(1)]) {
      const back = await alice.open(authorizeAddress({ dpop_jkt }));
      expect(answerOf(back)).toMatchObject({ error: 'invalid_request' });
    }
  });

  it('a code without dpop_jkt may be redeemed with a proof', async () => {
    expect((await redeemBy('web', await codeOf('web'), holder)).body.token_type).toBe('DPoP');
  });
});

describe('A stolen refresh token', () => {
  const refresh = (server: RunningServer, token: string, by?: DpopHolder) =>
    server.form(
      'connect/token',
      { grant_type: 'refresh_token', refresh_token: token, client_id: 'app' },
      by ? { dpop: by.proof('POST', tokenUrl) } : {},
    );

  it('RFC 9449 §5: of a public client is worth nothing without the key, at any node', async () => {
    const { body } = await redeemBy('app', await codeOf('app'), holder);
    for (const node of [one, two]) {
      expect(verdict(await refresh(node, body.refresh_token, thief))).toBe('invalid_grant');
      expect(verdict(await refresh(node, body.refresh_token))).toBe('invalid_grant');
    }
    const next = await refresh(two, body.refresh_token, holder);
    expect(verdict(next)).toBe('accepted');
    // Within the grace the answer is for its holder alone.
    expect(verdict(await refresh(one, body.refresh_token, thief))).toBe('invalid_grant');
    expect((await refresh(one, body.refresh_token, holder)).body).toEqual(next.body);
    expect(verdict(await refresh(one, next.body.refresh_token, thief))).toBe('invalid_grant');
  });
});

describe('A bound access token', () => {
  it('used bare, or with the proof of a thief, opens nothing here', async () => {
    const { access_token: token } = (await redeemBy('web', await codeOf('web'), holder)).body;
    const userinfo = (scheme: string, dpop?: string) =>
      two.send('connect/userinfo', { headers: { authorization: `${scheme} ${token}`, ...(dpop && { dpop }) } });
    const proof = holder.proof('GET', userinfoUrl, { token });
    expect((await userinfo('DPoP', proof)).status).toBe(200);
    for (const answer of [
      await userinfo('Bearer'),
      await userinfo('DPoP'),
      await userinfo('DPoP', proof),
      await userinfo('DPoP', thief.proof('GET', userinfoUrl, { token })),
      await userinfo('Bearer', holder.proof('GET', userinfoUrl, { token })),
      await two.form('connect/userinfo', { access_token: token }),
    ]) {
      expect([answer.status, answer.body.sub]).toEqual([401, undefined]);
    }
  });

  it('is all that a client with requireDpop gets: nothing through the browser, nothing without a proof', async () => {
    const hybrid = await alice.open(authorizeAddress({ client_id: 'bound', response_type: 'code token', nonce: 'n' }));
    expect(answerOf(hybrid)).toMatchObject({ error: 'unauthorized_client' });
    const asked = { response_type: 'code id_token', nonce: 'n' };
    const code = await codeOf('bound', asked);
    expect(verdict(await redeemBy('bound', code))).toBe('invalid_dpop_proof');
    expect((await redeemBy('bound', code, holder)).body.token_type).toBe('DPoP');
  });
});

describe('A nonce', () => {
  it('RFC 9449 §8: of another server is refused, and the right one offered', async () => {
    const start = (nonceSecret: string) => startServer({ options: { dpop: { requireNonce: true, nonceSecret } } });
    const [ours, theirs] = [
      await start('a secret of the nodes of this server'),
      await start('one of another server that is as long'),
    ];
    try {
      const send = (server: RunningServer, nonce?: string) =>
        ask(server, holder.proof('POST', `${server.url}/connect/token`, { nonce }));
      const foreign = (await send(theirs)).headers.get('dpop-nonce')!;
      const refused = await send(ours, foreign);
      expect([refused.status, refused.body.error]).toEqual([400, 'use_dpop_nonce']);
      expect(verdict(await send(ours, refused.headers.get('dpop-nonce')!))).toBe('accepted');
    } finally {
      await Promise.all([ours.close(), theirs.close()]);
    }
  });
});
