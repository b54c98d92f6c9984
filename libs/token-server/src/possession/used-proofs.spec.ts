import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GrantTypes } from '@tessera/protocol';
import {
  AuthorizationCodeStore,
  BackchannelAuthenticationStore,
  createHandle,
  DeviceAuthorizationStore,
  hashHandle,
  InMemoryUsedIdStore,
  StoreUnavailableError,
  UsedIdStore,
} from '@tessera/resource-model';
import { exportJWK, SignJWT } from 'jose';
import { client, issuer, run, type RunningServer, seed } from '../running-server.spec.fixture.js';
import { DpopHolder } from './dpop-holder.spec.fixture.js';

type Form = Record<string, string>;

/** Can be away, as a database can. */
class UsedIds extends InMemoryUsedIdStore {
  isAway = false;

  override async use(id: string, expiresAt: number): Promise<boolean> {
    if (this.isAway) throw new StoreUnavailableError('The store of used ids is away.');
    return super.use(id, expiresAt);
  }
}

const partner = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const redirectUri = 'https://app.example.com/callback';
const grantTypes = [GrantTypes.authorizationCode, GrantTypes.password];
const any = { allowedScopes: ['openid', 'api1'], allowOfflineAccess: true };
const clients = [
  ...seed.clients,
  client('app', { ...any, allowedGrantTypes: grantTypes, redirectUris: [redirectUri], requirePkce: false }),
  client('television', { ...any, allowedGrantTypes: [GrantTypes.deviceCode] }),
  client('bank', { ...any, allowedGrantTypes: [GrantTypes.ciba], backchannelTokenDeliveryMode: 'poll' }),
  client('gateway', { allowedGrantTypes: [GrantTypes.jwtBearer], allowedScopes: ['api1'] }),
];

describe('A DPoP proof is used up before anything else of its request is', () => {
  const usedIds = new UsedIds();
  let server: RunningServer;
  let holder: DpopHolder;

  beforeAll(async () => {
    const jwks = { keys: [await exportJWK(partner.publicKey)] };
    server = await run({
      clients,
      trustedIssuers: [
        { issuer: 'https://partner.example', jwks, clients: ['gateway'], scopes: ['api1'], sameSubjects: true },
      ],
      providers: [{ provide: UsedIdStore, useValue: usedIds }],
    });
    holder = new DpopHolder(() => server.clock.now());
  });
  afterAll(() => server.close());
  beforeEach(() => {
    usedIds.isAway = false;
  });

  const proof = () => holder.proof('POST', `${issuer}/connect/token`);
  const send = (id: string, form: Form, dpop: string) =>
    server.post('connect/token', form, { basic: `${id}:secret`, headers: { dpop } });
  const person = () => ({
    subject: 'subject-of-alice',
    authentication: { time: server.clock.now(), methods: ['pwd'] },
    scopes: ['openid', 'api1'],
  });
  const times = () => ({ createdAt: server.clock.now(), expiresAt: server.clock.now() + 60, interval: 5 });

  async function code(): Promise<Form> {
    const [handle, familyId] = [createHandle(), createHandle()];
    const { expiresAt } = times();
    const kept = { handleHash: hashHandle(handle), clientId: 'app', redirectUri, familyId, expiresAt, redeemed: false };
    await server.app.get(AuthorizationCodeStore).add({ ...kept, ...person() });
    return { grant_type: GrantTypes.authorizationCode, code: handle, redirect_uri: redirectUri };
  }

  async function deviceCode(allowed: boolean): Promise<Form> {
    const handle = createHandle();
    const hashes = { handleHash: hashHandle(handle), userCodeHash: hashHandle(createHandle()) };
    const decision = allowed ? ({ allowed, ...person() } as const) : ({ allowed } as const);
    const device = { ...hashes, ...times(), clientId: 'television', scopes: person().scopes, decision };
    await server.app.get(DeviceAuthorizationStore).add(device, server.clock.now());
    return { grant_type: GrantTypes.deviceCode, device_code: handle };
  }

  async function authReqId(allowed: boolean): Promise<Form> {
    const [handle, id] = [createHandle(), createHandle()];
    const store = server.app.get(BackchannelAuthenticationStore);
    const { subject, ...given } = person();
    const begun = { handleHash: hashHandle(handle), id, clientId: 'bank', subject, scopes: given.scopes, ...times() };
    await store.add(begun, server.clock.now(), 100);
    const decision = allowed ? ({ allowed, ...given } as const) : ({ allowed } as const);
    await store.decide(id, subject, decision, server.clock.now());
    return { grant_type: GrantTypes.ciba, auth_req_id: handle };
  }

  async function assertion(): Promise<Form> {
    const now = server.clock.now();
    const claims = { iss: 'https://partner.example', sub: 'subject-of-alice', aud: issuer, jti: createHandle() };
    const signed = new SignJWT({ ...claims, iat: now, exp: now + 60 }).setProtectedHeader({ alg: 'ES256' });
    return { grant_type: GrantTypes.jwtBearer, assertion: await signed.sign(partner.privateKey) };
  }

  async function refreshToken(): Promise<Form> {
    const credentials = { username: 'alice', password: 'ecila', scope: 'openid offline_access' };
    const { body } = await send('app', { grant_type: GrantTypes.password, ...credentials }, proof());
    return { grant_type: GrantTypes.refreshToken, refresh_token: body.refresh_token as string };
  }

  const granted: [string, string, () => Promise<Form>][] = [
    ['an authorization code', 'app', code],
    ['a device code', 'television', () => deviceCode(true)],
    ['an auth_req_id', 'bank', () => authReqId(true)],
    ['an assertion', 'gateway', assertion],
    ['a refresh token', 'app', refreshToken],
  ];

  it.each(granted)('%s that comes with a proof for the second time is not lost', async (_what, id, prepare) => {
    const used = proof();
    expect((await send(id, await prepare(), used)).status).toBe(200);
    const form = await prepare();
    expect((await send(id, form, used)).body.error).toBe('invalid_dpop_proof');
    server.clock.advance(6);
    expect((await send(id, form, proof())).status).toBe(200);
  });

  it.each(granted)('%s that comes while the store of proofs is away is not lost', async (_what, id, prepare) => {
    const form = await prepare();
    usedIds.isAway = true;
    expect((await send(id, form, proof())).status).toBe(503);
    usedIds.isAway = false;
    server.clock.advance(6);
    expect((await send(id, form, proof())).status).toBe(200);
  });

  it.each<[string, string, () => Promise<Form>]>([
    ['a device', 'television', () => deviceCode(false)],
    ['a client in the back channel', 'bank', () => authReqId(false)],
  ])('the refusal of %s is said again to who could not be answered', async (_what, id, prepare) => {
    const form = await prepare();
    usedIds.isAway = true;
    expect((await send(id, form, proof())).status).toBe(503);
    usedIds.isAway = false;
    server.clock.advance(6);
    expect((await send(id, form, proof())).body.error).toBe('access_denied');
  });

  it.each<[string, () => Promise<Form>]>([
    ['a refresh', refreshToken],
    ['a code exchange', code],
  ])('%s that was recorded and is sent again, proof and all, takes nothing back', async (_what, prepare) => {
    const [form, recorded] = [await prepare(), proof()];
    const { body } = await send('app', form, recorded);
    const next = body.refresh_token as string | undefined;
    // Later than the grace of the refresh token, and within the time of the proof.
    server.clock.advance(31);
    expect((await send('app', form, recorded)).body.error).toBe('invalid_dpop_proof');
    const access = { Authorization: `DPoP ${body.access_token}` };
    const dpop = holder.proof('GET', `${issuer}/connect/userinfo`, { token: body.access_token as string });
    expect((await server.send('connect/userinfo', { headers: { ...access, dpop } })).status).toBe(200);
    if (next === undefined) return;
    const refresh = { grant_type: GrantTypes.refreshToken, refresh_token: next };
    expect((await send('app', refresh, proof())).status).toBe(200);
  });

  it('a thief without the proof, with the code alone, still takes back what came of it (RFC 6749 §4.1.2)', async () => {
    const form = await code();
    const { body } = await send('app', form, proof());
    expect(
      (await send('app', form, new DpopHolder(() => server.clock.now()).proof('POST', `${issuer}/connect/token`))).body,
    ).toMatchObject({ error: 'invalid_grant' });
    const dpop = holder.proof('GET', `${issuer}/connect/userinfo`, { token: body.access_token as string });
    const headers = { Authorization: `DPoP ${body.access_token}`, dpop };
    expect((await server.send('connect/userinfo', { headers })).status).toBe(401);
  });
});
