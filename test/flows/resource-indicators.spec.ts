import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiResource, ApiScope } from '@tessera/token-server';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, seed } from '../running-server.js';
import { redirectUri, signedIn, startForPeople, webClient } from '../security/people.fixture.js';

const calendar = 'https://calendar.example.com';
const contacts = 'https://contacts.example.com/v2?tenant=a';
const isolated = 'https://isolated.example.com';
const scopes = ['calendar', 'contacts', 'isolated', 'shared', 'openid'];
const all = 'openid calendar contacts isolated shared offline_access';

type Parameters = Readonly<Record<string, string>>;

describe('Resource indicators (RFC 8707)', () => {
  let server: RunningServer;
  let config: client.Configuration;
  let robot: client.Configuration;
  let browser: PlainBrowser;

  beforeAll(async () => {
    server = await startForPeople(
      [
        webClient('web', { allowedScopes: scopes }),
        webClient('robot', { allowedGrantTypes: ['client_credentials'], redirectUris: [], allowedScopes: scopes }),
      ],
      {
        options: {
          apiResources: [
            ...seed.apiResources,
            new ApiResource(calendar, 'Calendar', { scopes: ['calendar', 'shared'] }),
            new ApiResource(contacts, 'Contacts', { scopes: ['contacts', 'shared'] }),
            new ApiResource(isolated, 'Isolated', { scopes: ['isolated', 'shared'], requireResourceIndicator: true }),
            new ApiResource('https://off.example.com', 'Off', { scopes: ['calendar'], enabled: false }),
          ],
          apiScopes: ['calendar', 'contacts', 'isolated', 'shared'].map((name) => new ApiScope(name)),
        },
      },
    );
    const discover = (clientId: string) =>
      client.discovery(new URL(server.url), clientId, 'secret', undefined, { [client.customFetch]: server.fetch });
    [config, robot] = [await discover('web'), await discover('robot')];
    browser = await signedIn(server);
  });
  afterAll(() => server.close());

  /** The parameter may be sent several times (§2). */
  const withResources = (resources: readonly string[], more: Parameters = {}): URLSearchParams => {
    const parameters = new URLSearchParams(more);
    resources.forEach((resource) => parameters.append('resource', resource));
    return parameters;
  };

  async function authorize(resources: readonly string[], more: Parameters = {}) {
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(
      config,
      withResources(resources, {
        redirect_uri: redirectUri,
        scope: all,
        state: 'a state',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...more,
      }),
    );
    const back = await browser.open(url);
    return { back: back.url, checks: { pkceCodeVerifier: verifier, expectedState: 'a state', idTokenExpected: true } };
  }

  /** Authorizes for some resources, and redeems the code for others. */
  async function tokensFor(resources: readonly string[], atToken: readonly string[] = []) {
    const { back, checks } = await authorize(resources);
    return client.authorizationCodeGrant(config, back, checks, withResources(atToken));
  }

  const refresh = (token: string | undefined, resources: readonly string[], more: Parameters = {}) =>
    client.refreshTokenGrant(config, token!, withResources(resources, more));
  const own = (resources: readonly string[], more: Parameters = {}) =>
    client.clientCredentialsGrant(robot, withResources(resources, more));

  /** For whom a token is, and for what. */
  const meaning = ({ access_token }: client.TokenEndpointResponse) => {
    const { aud, scope } = decodeJwt(access_token);
    return { aud, scope };
  };
  const refused = (error: string) => expect.objectContaining({ error });

  test('§2: a resource is an absolute URI, with a path and a query where it has them, and becomes the audience', async () => {
    expect(meaning(await own([contacts]))).toEqual({ aud: contacts, scope: 'contacts shared' });
  });

  test('§2: several resources make one token for all of them, each counted once', async () => {
    const { aud } = meaning(await own([contacts, calendar, contacts]));
    expect(new Set(aud)).toEqual(new Set([calendar, contacts]));
    expect(aud).toHaveLength(2);
  });

  test.each([
    ['that is unknown', 'https://unknown.example.com'],
    ['that is disabled', 'https://off.example.com'],
    ['with a fragment, which the specification forbids', `${calendar}#part`],
    ['that is no absolute URI', '/calendar'],
    ['that differs in a slash', `${calendar}/`],
    ['that differs in case', calendar.toUpperCase()],
    ['to which no scope of the client belongs', 'api1'],
    ['beside a good one', [calendar, 'https://unknown.example.com']],
  ])('§2: a resource %s is invalid_target, at every endpoint', async (_what, resource) => {
    const resources = [resource].flat();
    await expect(own(resources)).rejects.toEqual(refused('invalid_target'));
    const { back } = await authorize(resources);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'invalid_target',
      state: 'a state',
      iss: server.url,
    });
    await expect(tokensFor([], resources)).rejects.toEqual(refused('invalid_target'));
    const { refresh_token } = await tokensFor([]);
    await expect(refresh(refresh_token, resources)).rejects.toEqual(refused('invalid_target'));
  });

  test('§2: a fragment is named as what is wrong', async () => {
    await expect(own([`${calendar}#part`])).rejects.toMatchObject({
      error_description: expect.stringContaining(`Resource '${calendar}#part' has a fragment, which none may have`),
    });
  });

  test('§2: a resource that none of the requested scopes belongs to is invalid_target', async () => {
    await expect(own([contacts], { scope: 'calendar' })).rejects.toEqual(refused('invalid_target'));
    expect((await authorize([contacts], { scope: 'openid calendar' })).back.searchParams.get('error')).toBe(
      'invalid_target',
    );
  });

  test('§2: a token for a resource has the scopes that belong to it, and no other', async () => {
    const tokens = await tokensFor([calendar]);
    expect(meaning(tokens)).toEqual({ aud: calendar, scope: 'openid calendar shared offline_access' });
    // RFC 6749 §5.1: the client is told, where it is less than was asked for.
    expect(tokens.scope).toBe('openid calendar shared offline_access');
  });

  test('without a resource a token is for all that the scopes belong to, except those that insist on being named', async () => {
    const { aud, scope } = meaning(await own([]));
    expect(new Set(aud)).toEqual(new Set([calendar, contacts]));
    expect(scope).toBe('calendar contacts shared');
  });

  test('a resource that insists on being named is reached by its name', async () => {
    expect(meaning(await own([isolated]))).toEqual({ aud: isolated, scope: 'isolated shared' });
  });

  test('§2.1: what the authorize request named, the token is for', async () => {
    expect(new Set(meaning(await tokensFor([calendar, isolated])).aud)).toEqual(new Set([calendar, isolated]));
  });

  test('§2.2: of a code for several resources the token request may name one', async () => {
    const tokens = await tokensFor([calendar, contacts], [calendar]);
    expect(meaning(tokens)).toEqual({ aud: calendar, scope: 'openid calendar shared offline_access' });
    expect(tokens.id_token).toBeDefined();
  });

  test('§2.2: the refresh token still stands for all of them: each access token for one', async () => {
    const first = await tokensFor([calendar, contacts], [calendar]);
    const second = await refresh(first.refresh_token, [contacts]);
    expect(meaning(second)).toEqual({ aud: contacts, scope: 'openid contacts shared offline_access' });
    const third = await refresh(second.refresh_token, [calendar]);
    expect(meaning(third).aud).toBe(calendar);
    expect(new Set(meaning(await refresh(third.refresh_token, [])).aud)).toEqual(new Set([calendar, contacts]));
  });

  test('§2.2: a code that named no resource is redeemed for any that its scopes belong to', async () => {
    expect(meaning(await tokensFor([], [contacts])).aud).toBe(contacts);
    expect(meaning(await tokensFor([], [isolated])).aud).toBe(isolated);
  });

  test('§2.2: what the grant did not name is invalid_target at the code, and the code is not used up', async () => {
    const { back, checks } = await authorize([calendar]);
    const redeem = (resources: readonly string[]) =>
      client.authorizationCodeGrant(config, back, checks, withResources(resources));
    await expect(redeem([contacts])).rejects.toEqual(refused('invalid_target'));
    await expect(redeem([calendar, isolated])).rejects.toEqual(refused('invalid_target'));
    expect(meaning(await redeem([calendar])).aud).toBe(calendar);
  });

  test('§2.2: what the grant did not name is invalid_target at the refresh, and the token is not used up', async () => {
    const { refresh_token } = await tokensFor([calendar]);
    await expect(refresh(refresh_token, [contacts])).rejects.toEqual(refused('invalid_target'));
    await expect(refresh(refresh_token, [calendar, contacts])).rejects.toEqual(refused('invalid_target'));
    expect(meaning(await refresh(refresh_token, [calendar])).aud).toBe(calendar);
  });

  test('§2.2: a refresh may narrow scope and resource together, and a scope of another resource is invalid_target', async () => {
    const { refresh_token } = await tokensFor([]);
    const next = await refresh(refresh_token, [calendar], { scope: 'shared' });
    expect(meaning(next)).toEqual({ aud: calendar, scope: 'shared' });
    await expect(refresh(next.refresh_token, [contacts], { scope: 'calendar' })).rejects.toEqual(
      refused('invalid_target'),
    );
  });

  test('§2: more resources than any client has a use for are invalid_request', async () => {
    const many = Array.from({ length: 21 }, (_value, index) => `https://${index}.example.com`);
    await expect(own(many)).rejects.toEqual(refused('invalid_request'));
  });
});
