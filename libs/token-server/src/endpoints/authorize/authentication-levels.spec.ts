import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthenticationLevel } from '@tessera/resource-model';
import { type Answer, claimsOf, client, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';
import { Browser, challenge, PlainPagesModule, toClient, verifier } from '../../signed-in-browser.spec.fixture.js';

const redirectUri = 'https://app.example.com/callback';
const request = {
  client_id: 'web',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid api1',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};
const essential = (acr: object) => JSON.stringify({ id_token: { acr: { essential: true, ...acr } } });

describe('Levels of authentication', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await run({
      clients: [
        ...seed.clients,
        client('web', {
          allowedGrantTypes: ['authorization_code'],
          redirectUris: [redirectUri],
          allowedScopes: ['openid', 'api1'],
        }),
      ],
      authenticationLevels: [
        new AuthenticationLevel({ acr: 'basic', ways: [['pwd']] }),
        new AuthenticationLevel({ acr: 'strong', ways: [['pwd', 'otp']] }),
      ],
      imports: [PlainPagesModule],
    });
  });
  afterAll(() => server.close());

  async function signedIn(by?: string): Promise<Browser> {
    const browser = new Browser(server);
    await browser.signIn('alice', by);
    return browser;
  }

  const isSignIn = (answer: Answer) => new URL(answer.headers.get('location')!).pathname === '/signin';

  async function acrOf(answer: Answer): Promise<{ id?: unknown; access?: unknown; methods?: unknown }> {
    const { code } = toClient(answer);
    const form = { grant_type: 'authorization_code', code: code!, redirect_uri: redirectUri, code_verifier: verifier };
    const { body } = await server.post('connect/token', form, { basic: 'web:secret' });
    const [id, access] = [claimsOf(body.id_token), claimsOf(body.access_token)];
    return { id: id.acr, access: access.acr, methods: id.amr };
  }

  it('acr and amr say in id_token and access token how the person signed in (OpenID Connect Core §2, RFC 9068 §2.2.1)', async () => {
    expect(await acrOf(await (await signedIn()).authorize(request))).toEqual({
      id: 'basic',
      access: 'basic',
      methods: ['pwd'],
    });
    expect(await acrOf(await (await signedIn('pwd otp')).authorize(request))).toMatchObject({ id: 'strong' });
    expect(await acrOf(await (await signedIn('fpt')).authorize(request))).toMatchObject({ id: undefined });
  });

  it('acr is the first value of acr_values that was reached (OpenID Connect Core §3.1.2.1)', async () => {
    const browser = await signedIn('pwd otp');
    expect(await acrOf(await browser.authorize({ ...request, acr_values: 'gold basic strong' }))).toMatchObject({
      id: 'basic',
    });
  });

  it('a level that was not reached asks for another sign-in, and the page learns which (RFC 9470 §5)', async () => {
    const browser = await signedIn();
    const page = await browser.authorize({ ...request, acr_values: 'strong' });
    expect(isSignIn(page)).toBe(true);
    expect((await browser.look(page)).contextClasses).toEqual(['strong']);
    expect(await acrOf(await browser.act(page, { as: 'alice', by: 'pwd otp' }))).toMatchObject({ access: 'strong' });
  });

  it('acr_values is a wish: a sign-in that does not reach it is answered with the level that it reached', async () => {
    const browser = await signedIn();
    const page = await browser.authorize({ ...request, acr_values: 'strong' });
    expect(await acrOf(await browser.act(page, { as: 'alice', by: 'pwd' }))).toMatchObject({ id: 'basic' });
    expect(await acrOf(await browser.authorize({ ...request, acr_values: 'strong', prompt: 'none' }))).toMatchObject({
      id: 'basic',
    });
    // Nobody knows the level, so nobody is asked to sign in for it.
    expect(await acrOf(await browser.authorize({ ...request, acr_values: 'gold' }))).toMatchObject({ id: 'basic' });
  });

  it('an essential acr that the sign-in did not reach is unmet_authentication_requirements (OpenID Connect Core §5.5.1.1)', async () => {
    const browser = await signedIn();
    const insisting = { ...request, claims: essential({ values: ['strong'] }) };
    expect(toClient(await browser.authorize({ ...insisting, prompt: 'none' })).error).toBe('login_required');
    const page = await browser.authorize(insisting);
    expect(isSignIn(page)).toBe(true);
    expect(toClient(await browser.act(page, { as: 'alice', by: 'pwd' })).error).toBe(
      'unmet_authentication_requirements',
    );
    const again = await browser.authorize(insisting);
    expect(await acrOf(await browser.act(again, { as: 'alice', by: 'pwd otp' }))).toMatchObject({ id: 'strong' });
  });

  it('an essential acr that nobody can reach is refused at once', async () => {
    const answer = await (await signedIn()).authorize({ ...request, claims: essential({ value: 'gold' }) });
    expect(toClient(answer).error).toBe('unmet_authentication_requirements');
  });

  it('discovery names the levels (OpenID Connect Discovery §3)', async () => {
    const { body } = await server.send('.well-known/openid-configuration');
    expect(body.acr_values_supported).toEqual(['basic', 'strong']);
  });
});
