import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import { DeviceAuthorizationStore, hashHandle, UsedIdStore } from '@tessera/resource-model';
import {
  adapters,
  type Answer,
  basicHeader,
  claimsOf,
  client,
  issuer,
  type Json,
  run,
  type RunningServer,
  seed,
} from '../running-server.spec.fixture.js';
import { DpopHolder, type ProofChanges } from './dpop-holder.spec.fixture.js';

const tokenUrl = `${issuer}/connect/token`;
const userinfoUrl = `${issuer}/connect/userinfo`;
const password = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'openid api1 offline_access' };
const everything = { allowedGrantTypes: ['password'], allowedScopes: ['openid', 'api1'], allowOfflineAccess: true };
const isPublic = { requireClientSecret: false, clientSecrets: [] };
const clients = [
  ...seed.clients,
  client('confidential', everything),
  client('opaque', { ...everything, accessTokenType: 'reference' }),
  client('app', { ...everything, ...isPublic, allowedCorsOrigins: ['https://app.example.com'] }),
  client('app_reusing', { ...everything, ...isPublic, refreshTokenUsage: 'reUse' }),
  client('app_tv', {
    ...everything,
    ...isPublic,
    allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code'],
  }),
  client('strict', { requireDpop: true }),
];

let server: RunningServer;
let holder: DpopHolder;
let other: DpopHolder;
const start = async (...parameters: Parameters<typeof run>) => {
  server = await run({ clients, ...parameters[0] }, parameters[1]);
  holder = new DpopHolder(() => server.clock.now());
  other = new DpopHolder(() => server.clock.now());
};

/** As the client, with a proof unless `by` is left out. */
function post(id: string, form: Record<string, string>, by?: DpopHolder, changes?: ProofChanges): Promise<Answer> {
  const dpop = by?.proof('POST', tokenUrl, changes);
  const isApp = id.startsWith('app');
  return server.post('connect/token', isApp ? { ...form, client_id: id } : form, {
    basic: isApp ? undefined : `${id}:secret`,
    headers: dpop === undefined ? {} : { dpop },
  });
}
const refresh = (id: string, token: string, by?: DpopHolder, form: Record<string, string> = {}) =>
  post(id, { grant_type: 'refresh_token', refresh_token: token, ...form }, by);
const userinfo = (scheme: string, token: string, dpop?: string) =>
  server.send('connect/userinfo', {
    headers: { authorization: `${scheme} ${token}`, ...(dpop === undefined ? {} : { dpop }) },
  });
const said = ({ status, body }: Answer) => [status, body.error];

describe.each(adapters)('DPoP on %s', (adapter) => {
  beforeAll(() => start({}, { adapter }));
  afterAll(() => server.close());

  it('RFC 9449 §5: a token request with a proof gets a token of the type DPoP, bound to the key by cnf.jkt (§6.1)', async () => {
    const { status, body } = await post('confidential', password, holder);
    expect([status, body.token_type]).toEqual([200, 'DPoP']);
    expect(claimsOf(body.access_token).cnf).toEqual({ jkt: holder.thumbprint });
  });

  it('a request without a proof gets a bearer token as ever', async () => {
    const { body, headers } = await post('confidential', password);
    expect([body.token_type, claimsOf(body.access_token).cnf]).toEqual(['Bearer', undefined]);
    expect(headers.get('dpop-nonce')).toBeNull();
  });

  it('RFC 9449 §6.2: introspection shows cnf and the type, of signed and of opaque tokens', async () => {
    for (const id of ['confidential', 'opaque']) {
      const { access_token } = (await post(id, password, holder)).body;
      for (const basic of [`${id}:secret`, 'api1:api1 secret']) {
        const { body } = await server.post('connect/introspect', { token: access_token }, { basic });
        expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: holder.thumbprint } });
      }
      const bare = (await post(id, password)).body.access_token;
      const { body } = await server.post('connect/introspect', { token: bare }, { basic: 'api1:api1 secret' });
      expect([body.token_type, body.cnf]).toEqual(['Bearer', undefined]);
    }
  });

  it('has nothing remembered of a request that gets nothing: who has no grant cannot fill the memory of used proofs', async () => {
    const ids = server.app.get(UsedIdStore);
    const forgotten = () => ids.removeExpired(Number.MAX_SAFE_INTEGER, 1000);
    await forgotten();
    const proof = holder.proof('POST', tokenUrl);
    const send = (form: Record<string, string>) =>
      server.post('connect/token', { ...form, client_id: 'app' }, { headers: { dpop: proof } });
    expect(said(await send({ ...password, password: 'guess' }))).toEqual([400, 'invalid_grant']);
    expect(said(await send({ grant_type: 'refresh_token', refresh_token: 'made up' }))).toEqual([400, 'invalid_grant']);
    expect(said(await send({ ...password, scope: 'nope' }))).toEqual([400, 'invalid_scope']);
    expect(await forgotten()).toBe(0);
    expect((await send(password)).status).toBe(200);
    expect(said(await send(password))).toEqual([400, 'invalid_dpop_proof']);
    expect(await forgotten()).toBe(1);
  });

  it('RFC 9449 §5: a proof that is none is invalid_dpop_proof, 400', async () => {
    for (const dpop of ['', 'x', 'a.b.c']) {
      const headers = { dpop };
      const answer = await server.post('connect/token', password, { basic: 'confidential:secret', headers });
      expect(said(answer)).toEqual([400, 'invalid_dpop_proof']);
    }
  });

  it('RFC 9449 §4.3: there is one DPoP header, and not several', async () => {
    const proofs = [holder.proof('POST', tokenUrl), holder.proof('POST', tokenUrl)];
    const answer = await sendRaw(['dpop', proofs[0]!, 'DPoP', proofs[1]!]);
    expect(answer).toEqual([400, 'invalid_dpop_proof']);
    expect(await sendRaw(['dpop', proofs[0]!])).toEqual([200, undefined]);
  });

  it('RFC 9449 §7: userinfo takes a bound token with DPoP and a proof of its key and of the token', async () => {
    for (const id of ['confidential', 'opaque']) {
      const { access_token: token } = (await post(id, password, holder)).body;
      const answer = await userinfo('DPoP', token, holder.proof('GET', userinfoUrl, { token }));
      expect([answer.status, answer.body.sub]).toEqual([200, 'subject-of-alice']);
    }
  });

  it('RFC 9449 §7.2: a bound token sent as Bearer is refused, with both challenges', async () => {
    const { access_token: token } = (await post('confidential', password, holder)).body;
    for (const dpop of [undefined, holder.proof('GET', userinfoUrl, { token })]) {
      const answer = await userinfo('Bearer', token, dpop);
      expect(said(answer)).toEqual([401, 'invalid_token']);
      const challenges = answer.headers.get('www-authenticate');
      expect(challenges).toMatch(/^Bearer .*error="invalid_token".*, DPoP .*algs="ES256 [^"]+"$/);
    }
    const inForm = await server.post('connect/userinfo', { access_token: token });
    expect(said(inForm)).toEqual([401, 'invalid_token']);
  });

  it('RFC 9449 §7.1: an unbound token sent as DPoP is refused', async () => {
    const { access_token: token } = (await post('confidential', password)).body;
    const answer = await userinfo('DPoP', token, holder.proof('GET', userinfoUrl, { token }));
    expect(said(answer)).toEqual([401, 'invalid_token']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP .*error="invalid_token"/);
  });

  it.each<[string, (token: string) => string | undefined]>([
    ['no proof', () => undefined],
    ['a proof of another key', (token) => other.proof('GET', userinfoUrl, { token })],
    ['a proof without ath', () => holder.proof('GET', userinfoUrl)],
    ['a proof with the ath of another token', () => holder.proof('GET', userinfoUrl, { token: 'another' })],
    ['a proof for another endpoint', (token) => holder.proof('GET', tokenUrl, { token })],
    ['a proof for another method', (token) => holder.proof('POST', userinfoUrl, { token })],
  ])('RFC 9449 §7.1: userinfo refuses %s with 401 and DPoP error="invalid_dpop_proof"', async (_what, proof) => {
    const { access_token: token } = (await post('confidential', password, holder)).body;
    const answer = await userinfo('DPoP', token, proof(token));
    expect(said(answer)).toEqual([401, 'invalid_dpop_proof']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP .*error="invalid_dpop_proof"/);
  });

  it('RFC 9449 §7.1: a token of the scheme DPoP that is unknown, or without openid, is refused in that scheme', async () => {
    const unknown = await userinfo('DPoP', 'x', holder.proof('GET', userinfoUrl, { token: 'x' }));
    expect([...said(unknown), unknown.headers.get('www-authenticate')]).toEqual([
      401,
      'invalid_token',
      expect.stringMatching(/^DPoP .*error="invalid_token"/),
    ]);
    const { access_token: token } = (await post('confidential', { ...password, scope: 'api1' }, holder)).body;
    const narrow = await userinfo('DPoP', token, holder.proof('GET', userinfoUrl, { token }));
    expect([...said(narrow), narrow.headers.get('www-authenticate')]).toEqual([
      403,
      'insufficient_scope',
      expect.stringMatching(/^DPoP .*error="insufficient_scope"/),
    ]);
  });

  it('RFC 9449 §5.2: a client with dpop_bound_access_tokens gets nothing without a proof', async () => {
    const form = { grant_type: 'client_credentials' };
    expect(said(await post('strict', form))).toEqual([400, 'invalid_dpop_proof']);
    expect((await post('strict', form, holder)).body.token_type).toBe('DPoP');
  });

  it('a device that a person let in gets bound tokens, too', async () => {
    const deviceCode = `device ${holder.thumbprint}`;
    const now = server.clock.now();
    const authentication = { time: now, methods: ['pwd'] };
    const scopes = ['openid', 'offline_access'];
    await server.app.get(DeviceAuthorizationStore).add(
      {
        ...{ handleHash: hashHandle(deviceCode), userCodeHash: hashHandle('ABCDEFGH'), clientId: 'app_tv', scopes },
        ...{ createdAt: now, expiresAt: now + 300, interval: 5 },
        decision: { allowed: true, subject: 'subject-of-alice', authentication, scopes },
      },
      now,
    );
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: deviceCode };
    const { body } = await post('app_tv', form, holder);
    expect([body.token_type, claimsOf(body.access_token).cnf]).toEqual(['DPoP', { jkt: holder.thumbprint }]);
    expect(said(await refresh('app_tv', body.refresh_token, other))).toEqual([400, 'invalid_grant']);
    expect((await refresh('app_tv', body.refresh_token, holder)).status).toBe(200);
  });

  it('a web page may send proofs and read nonces and challenges', async () => {
    const origin = 'https://app.example.com';
    const preflight = await server.send('connect/token', { method: 'OPTIONS', headers: { origin } });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('DPoP');
    const answer = await server.send('connect/userinfo', { headers: { origin } });
    const exposed = answer.headers.get('access-control-expose-headers');
    expect(exposed?.split(', ').sort()).toEqual(['DPoP-Nonce', 'WWW-Authenticate']);
  });

  it('RFC 9449 §5.1: discovery names the algorithms of proofs', async () => {
    const { body } = await server.send('.well-known/openid-configuration');
    expect(body.dpop_signing_alg_values_supported).toEqual(['ES256', 'EdDSA', 'PS256']);
  });

  /** `fetch` joins headers of one name, so this one writes them one by one. */
  function sendRaw(headers: string[]): Promise<unknown[]> {
    const form = new URLSearchParams({ grant_type: 'client_credentials' }).toString();
    return new Promise((resolve, reject) => {
      const sent = httpRequest(`${server.url}/connect/token`, {
        method: 'POST',
        headers: [
          ...['host', 'localhost', 'authorization', basicHeader('simple_client:secret'), 'connection', 'close'],
          ...['content-type', 'application/x-www-form-urlencoded', 'content-length', `${form.length}`],
          ...headers,
        ],
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        json(response).then((body) => resolve([response.statusCode, (body as Json).error]), reject);
      });
      sent.end(form);
    });
  }
});

describe('A refresh token that came with a proof', () => {
  beforeAll(() => start());
  afterAll(() => server.close());
  const begin = async (id: string, by?: DpopHolder) =>
    (await post(id, password, by)).body as { refresh_token: string; access_token: string };

  it('RFC 9449 §5: of a public client is bound to the key: another, or none, is invalid_grant', async () => {
    for (const id of ['app', 'app_reusing']) {
      const { refresh_token } = await begin(id, holder);
      expect(said(await refresh(id, refresh_token, other))).toEqual([400, 'invalid_grant']);
      expect(said(await refresh(id, refresh_token))).toEqual([400, 'invalid_grant']);
      const { status, body } = await refresh(id, refresh_token, holder);
      expect([status, body.token_type, claimsOf(body.access_token).cnf]).toEqual([
        200,
        'DPoP',
        { jkt: holder.thumbprint },
      ]);
      expect(said(await refresh(id, body.refresh_token, other))).toEqual([400, 'invalid_grant']);
      expect((await refresh(id, body.refresh_token, holder)).status).toBe(200);
    }
  });

  it('RFC 9449 §5: of a confidential client is not bound; the new access token is, to the key of the refresh', async () => {
    const { refresh_token } = await begin('confidential', holder);
    const second = (await refresh('confidential', refresh_token, other)).body;
    expect(claimsOf(second.access_token).cnf).toEqual({ jkt: other.thumbprint });
    const third = (await refresh('confidential', second.refresh_token)).body;
    expect([third.token_type, claimsOf(third.access_token).cnf]).toEqual(['Bearer', undefined]);
  });

  it('of a public client that begins to send proofs is bound from then on', async () => {
    const { refresh_token } = await begin('app');
    const { body } = await refresh('app', refresh_token, holder);
    expect(said(await refresh('app', body.refresh_token))).toEqual([400, 'invalid_grant']);
    expect((await refresh('app', body.refresh_token, holder)).status).toBe(200);
  });

  it('gives the answer again within the grace to the holder of the key, and to nobody else', async () => {
    for (const id of ['app', 'confidential']) {
      const { refresh_token } = await begin(id, holder);
      const first = await refresh(id, refresh_token, holder);
      expect(said(await refresh(id, refresh_token, other))).toEqual([400, 'invalid_grant']);
      expect(said(await refresh(id, refresh_token))).toEqual([400, 'invalid_grant']);
      expect((await refresh(id, refresh_token, holder)).text).toBe(first.text);
      expect(first.body.token_type).toBe('DPoP');
    }
  });

  it('is not revoked with its family by whoever has not got the key', async () => {
    const { refresh_token } = await begin('app', holder);
    const { body } = await refresh('app', refresh_token, holder);
    server.clock.advance(60);
    expect(said(await refresh('app', refresh_token, other))).toEqual([400, 'invalid_grant']);
    expect((await refresh('app', body.refresh_token, holder)).status).toBe(200);
    // The holder itself tells of a theft, as ever.
    expect(said(await refresh('app', refresh_token, holder))).toEqual([400, 'invalid_grant']);
  });
});

describe('A server that requires nonces', () => {
  const dpop = { requireNonce: true, nonceSecret: 'a secret of thirty-two characters' };
  beforeAll(() => start({ dpop }));
  afterAll(() => server.close());
  const form = { grant_type: 'client_credentials' };

  it('RFC 9449 §8: refuses a proof without one at the token endpoint: 400 use_dpop_nonce, with the nonce to use', async () => {
    const refused = await post('strict', form, holder);
    expect(said(refused)).toEqual([400, 'use_dpop_nonce']);
    const nonce = refused.headers.get('dpop-nonce')!;
    expect(refused.headers.get('cache-control')).toBe('no-store');
    const { status, headers } = await post('strict', form, holder, { nonce });
    expect([status, headers.get('dpop-nonce')]).toEqual([200, null]);
  });

  it('RFC 9449 §9: refuses it at userinfo with 401 and DPoP error="use_dpop_nonce"', async () => {
    const { headers } = await post('confidential', password, holder);
    const nonce = headers.get('dpop-nonce');
    const { access_token: token } = (await post('confidential', password, holder, { nonce })).body;
    const refused = await userinfo('DPoP', token, holder.proof('GET', userinfoUrl, { token }));
    expect(said(refused)).toEqual([401, 'use_dpop_nonce']);
    expect(refused.headers.get('www-authenticate')).toMatch(/^DPoP .*error="use_dpop_nonce"/);
    expect(refused.headers.get('dpop-nonce')).toBe(nonce);
    expect((await userinfo('DPoP', token, holder.proof('GET', userinfoUrl, { token, nonce }))).status).toBe(200);
  });

  it('RFC 9449 §8.2: announces the next one with the answer to a proof whose nonce ends soon, refused or not', async () => {
    const nonce = (await post('strict', form, holder)).headers.get('dpop-nonce');
    server.clock.advance(120);
    const { status, headers } = await post('strict', form, holder, { nonce });
    expect(status).toBe(200);
    expect(headers.get('dpop-nonce')).toMatch(/^[\w-]{43}$/);
    expect(headers.get('dpop-nonce')).not.toBe(nonce);
    const refused = await post('strict', { ...form, scope: 'nope' }, holder, { nonce });
    expect([...said(refused), refused.headers.get('dpop-nonce')]).toEqual([
      400,
      'invalid_scope',
      headers.get('dpop-nonce'),
    ]);
    server.clock.advance(120);
    expect(said(await post('strict', form, holder, { nonce }))).toEqual([400, 'use_dpop_nonce']);
  });

  it('does not start without a secret that all nodes share', async () => {
    await expect(run({ dpop: { requireNonce: true } })).rejects.toThrow(/dpop\.nonceSecret/);
  });
});
