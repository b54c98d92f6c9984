import { beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { GrantTypes, TokenTypeIdentifiers } from '@tessera/protocol';
import {
  ApiResource,
  type Authorization,
  type Client,
  type ClientInit,
  type ExchangeTerms,
  type Grant,
  OAuthError,
  Parameter,
  Secret,
  sha256,
  type TokenExchange,
  TokenExchangePolicy,
  UserStore,
} from '../index.js';
import { DpopHolder } from '../possession/dpop-holder.spec.fixture.js';
import {
  type Answer,
  claimsOf,
  client,
  issuer,
  run,
  type RunningServer,
  seed,
} from '../running-server.spec.fixture.js';
import { PersonAccess } from '../sessions/person-access.js';

const { accessToken, idToken, jwt, refreshToken } = TokenTypeIdentifiers;
const exchange = GrantTypes.tokenExchange;

class NamedParams {
  @Parameter({ required: true })
  names!: string;

  @Parameter()
  scope?: string;
}

/** Gives a token about alice that says who may act for her. */
@Injectable()
class MayActGrant implements Grant<NamedParams> {
  readonly type = 'urn:example:may-act';
  readonly params = NamedParams;

  async authorize(client: Client, { names, scope }: NamedParams): Promise<Authorization> {
    const authentication = { time: 1_000_000, methods: ['face'], contextClass: 'high', sessionId: 'a session' };
    const person = { subject: 'subject-of-alice', authentication };
    const scopes = ['api1', ...(scope === undefined ? [] : [scope])];
    return { client, person, scopes, mayAct: JSON.parse(names) as Record<string, unknown> };
  }
}

/** Gives a token about alice, and a refresh token unless what `names` adds to the authorization is against it. */
@Injectable()
class ActingGrant implements Grant<NamedParams> {
  readonly type = 'urn:example:acting';
  readonly params = NamedParams;

  async authorize(client: Client, { names }: NamedParams): Promise<Authorization> {
    const person = { subject: 'subject-of-alice', authentication: { time: 1_000_000, methods: ['face'] } };
    const more = JSON.parse(names) as Partial<Authorization>;
    return { client, person, scopes: ['api1', 'offline_access'], ...more };
  }
}

const people: Partial<ClientInit> = { allowedGrantTypes: ['password', 'urn:example:may-act', 'urn:example:acting'] };
const gateway = (clientId: string, rules: ClientInit['tokenExchange'], more: Partial<ClientInit> = {}) =>
  client(clientId, {
    allowedGrantTypes: [exchange, 'client_credentials', 'password'],
    allowedScopes: ['api1', 'api1.read', 'api2', 'api3', 'shared', 'openid'],
    tokenExchange: rules,
    ...more,
  });
const rules = {
  subjectTokenClients: ['app', 'pairwise_app', 'reference_app', 'short_app'],
  audiences: ['api1', 'api2'],
};

const clients = [
  client('app', {
    ...people,
    allowedScopes: ['api1', 'api1.read', 'shared', 'openid', 'profile'],
    allowOfflineAccess: true,
  }),
  client('other_app', { ...people, allowedScopes: ['api1', 'openid'] }),
  client('reference_app', { ...people, accessTokenType: 'reference', allowOfflineAccess: true }),
  client('short_app', { ...people, accessTokenLifetime: 60, allowedScopes: ['api1', 'openid'] }),
  client('pairwise_app', { ...people, subjectType: 'pairwise', pairwiseSubjectSalt: 'the salt of the pairwise app' }),
  gateway('gateway', {
    ...rules,
    scopes: { api1: ['api2'], openid: ['api1'] },
    actorTokenClients: ['agent', 'other_app', 'short_app'],
  }),
  gateway('second_gateway', { audiences: ['api1'], subjectTokenClients: ['gateway', 'pairwise_gateway'] }),
  gateway('impersonator', { ...rules, subjectTokenClients: ['app', 'gateway'], impersonation: true }),
  gateway('reference_gateway', rules, { accessTokenType: 'reference' }),
  gateway(
    'pairwise_gateway',
    { ...rules, actorTokenClients: ['other_app'] },
    {
      subjectType: 'pairwise',
      pairwiseSubjectSalt: 'the salt of the pairwise gateway',
    },
  ),
  gateway(
    'pairwise_second_gateway',
    { audiences: ['api1'], subjectTokenClients: ['gateway', 'pairwise_gateway'] },
    { subjectType: 'pairwise', pairwiseSubjectSalt: 'the salt of the second pairwise gateway' },
  ),
  gateway('api2_gateway', { ...rules, subjectTokenAudiences: ['api2'] }),
  gateway('offline_gateway', rules, { allowOfflineAccess: true }),
  gateway('without_rules', undefined),
  client('without_grant'),
  client('agent'),
];

const passwords: Record<string, string> = { alice: 'ecila', bob: 'bob' };
let server: RunningServer;
const holder = new DpopHolder(() => server.clock.now());
const other = new DpopHolder(() => server.clock.now());

beforeAll(async () => {
  const apiResources = [
    ...seed.apiResources,
    new ApiResource('api3', 'One that is named', { requireResourceIndicator: true }),
  ];
  server = await run({
    clients,
    apiResources,
    grants: [MayActGrant, ActingGrant],
  });
});

async function token(form: Record<string, string>, clientId: string, holder?: DpopHolder): Promise<Answer> {
  const headers = holder && { dpop: holder.proof('POST', `${issuer}/connect/token`) };
  return server.post('connect/token', form, { basic: `${clientId}:secret`, headers });
}

async function signIn(clientId = 'app', scope = 'api1', username = 'alice', holder?: DpopHolder) {
  const { body } = await token(
    { grant_type: 'password', username, password: passwords[username]!, scope },
    clientId,
    holder,
  );
  return body as { access_token: string; id_token: string; refresh_token: string };
}
const machine = async (clientId: string) =>
  (await token({ grant_type: 'client_credentials', scope: 'api1' }, clientId)).body.access_token as string;
const mayAct = async (names: unknown) =>
  (await token({ grant_type: 'urn:example:may-act', names: JSON.stringify(names) }, 'app')).body.access_token as string;

/** Exchanges an access token, unless the form says otherwise. */
const trade = (subject: string, form: Record<string, string> = {}, clientId = 'gateway', holder?: DpopHolder) =>
  token({ grant_type: exchange, subject_token: subject, subject_token_type: accessToken, ...form }, clientId, holder);
const refusal = ({ status, body }: Answer) => [status, body.error];
const introspect = async (value: string, api = 'api1') =>
  (await server.post('connect/introspect', { token: value }, { basic: `${api}:${api} secret` })).body;

describe('The answer to a token exchange', () => {
  it('RFC 8693 §2.2.1: says what was issued, how long it is good and for which scopes', async () => {
    const { access_token } = await signIn();
    const { status, body } = await trade(access_token);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: accessToken,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'api1 api2',
    });
  });

  it('RFC 8693 §2.2.1: has no refresh token and no id_token, whatever the client may have otherwise', async () => {
    const { access_token } = await signIn('app', 'openid api1');
    const { body } = await trade(access_token, {}, 'offline_gateway');
    expect(Object.keys(body).sort()).toEqual([
      'access_token',
      'expires_in',
      'issued_token_type',
      'scope',
      'token_type',
    ]);
    for (const scope of ['openid', 'api1 offline_access']) {
      expect(refusal(await trade(access_token, { scope }, 'offline_gateway'))).toEqual([400, 'invalid_scope']);
    }
  });

  it.each([idToken, refreshToken, jwt, 'urn:example:unknown'])(
    'RFC 8693 §2.1: is never of the type %s',
    async (type) => {
      const { access_token } = await signIn();
      expect(refusal(await trade(access_token, { requested_token_type: type }))).toEqual([400, 'invalid_request']);
    },
  );

  it('RFC 8693 §2.1: may be asked for by its type', async () => {
    const { access_token } = await signIn();
    expect((await trade(access_token, { requested_token_type: accessToken })).status).toBe(200);
  });
});

describe('A token that came of an exchange', () => {
  it('is about the same person, who signed in the same way', async () => {
    const subject = await mayAct({ sub: 'gateway' });
    const { body } = await trade(subject);
    expect(claimsOf(body.access_token)).toMatchObject({
      sub: 'subject-of-alice',
      client_id: 'gateway',
      auth_time: 1_000_000,
      amr: ['face'],
      acr: 'high',
      sid: 'a session',
    });
  });

  it('RFC 8693 §4.1: names the client as the actor', async () => {
    const { body } = await trade((await signIn()).access_token);
    expect(claimsOf(body.access_token).act).toEqual({ sub: 'gateway' });
  });

  it('RFC 8693 §4.1: names the subject of the actor token as the actor', async () => {
    const actor = { actor_token: await machine('agent'), actor_token_type: accessToken };
    const { body } = await trade((await signIn()).access_token, actor);
    expect(claimsOf(body.access_token)).toMatchObject({ sub: 'subject-of-alice', act: { sub: 'agent' } });
  });

  it('RFC 8693 §4.1: lives no longer than the actor token: nobody acts by what is over', async () => {
    const actor = { actor_token: (await signIn('short_app')).access_token, actor_token_type: accessToken };
    const { body } = await trade((await signIn()).access_token, actor);
    expect([body.expires_in, claimsOf(body.access_token).exp - server.clock.now()]).toEqual([60, 60]);
  });

  it('RFC 8693 §4.1: keeps who acted before, the latest outermost', async () => {
    const first = await trade((await signIn()).access_token);
    const { body } = await trade(first.body.access_token, {}, 'second_gateway');
    expect(claimsOf(body.access_token).act).toEqual({ sub: 'second_gateway', act: { sub: 'gateway' } });
  });

  it('RFC 8693 §4.1: keeps who acted before also where the client impersonates', async () => {
    const first = await trade((await signIn()).access_token);
    const { body } = await trade(first.body.access_token, {}, 'impersonator');
    expect(claimsOf(body.access_token).act).toEqual({ sub: 'gateway' });
  });

  it('RFC 8693 §1.1: names nobody where the client may impersonate', async () => {
    const { body } = await trade((await signIn()).access_token, {}, 'impersonator');
    expect(claimsOf(body.access_token)).not.toHaveProperty('act');
  });

  it('names no actor where a client has its own token narrowed', async () => {
    const { body } = await trade((await signIn('gateway', 'api1 api1.read')).access_token, { scope: 'api1.read' });
    const claims = claimsOf(body.access_token);
    expect(claims).toMatchObject({ sub: 'subject-of-alice', client_id: 'gateway', scope: 'api1.read' });
    expect(claims).not.toHaveProperty('act');
  });

  it('names no actor where a client exchanges the token that it got for itself', async () => {
    const { body } = await trade(await machine('gateway'), { audience: 'api1', scope: 'api1' });
    const claims = claimsOf(body.access_token);
    expect(claims).toMatchObject({ sub: 'gateway', client_id: 'gateway', aud: 'api1' });
    expect(claims).not.toHaveProperty('act');
  });

  it('calls people as its own client knows them, and never as another does', async () => {
    const { access_token } = await signIn('pairwise_app');
    const actor = (await signIn('other_app', 'api1', 'bob')).access_token;
    const [{ body: open }, { body: hidden }] = await Promise.all([
      trade(access_token),
      trade(access_token, { actor_token: actor, actor_token_type: accessToken }, 'pairwise_gateway'),
    ]);
    expect(claimsOf(open.access_token).sub).toBe('subject-of-alice');
    const { sub, act } = claimsOf(hidden.access_token);
    expect([sub, act.sub]).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)]);
    expect(new Set([sub, act.sub, claimsOf(access_token).sub]).size).toBe(3);
  });

  it.each(['gateway', 'pairwise_gateway'])(
    'calls who acted before as its own client knows them, whatever they were called in the token of %s (OpenID Connect Core §8.1)',
    async (first) => {
      const actor = (await signIn('other_app', 'api1', 'bob')).access_token;
      const acting = await trade(
        (await signIn()).access_token,
        { actor_token: actor, actor_token_type: accessToken },
        first,
      );
      const [{ body: open }, { body: hidden }] = await Promise.all([
        trade(acting.body.access_token, {}, 'second_gateway'),
        trade(acting.body.access_token, {}, 'pairwise_second_gateway'),
      ]);
      expect(claimsOf(open.access_token).act).toEqual({ sub: 'second_gateway', act: { sub: 'subject-of-bob' } });
      const { act } = claimsOf(hidden.access_token);
      expect(act).toEqual({ sub: 'pairwise_second_gateway', act: { sub: expect.stringMatching(/^[\w-]{43}$/) } });
      expect(act.act.sub).not.toBe(claimsOf(acting.body.access_token).act.sub);
      expect((await introspect(hidden.access_token)).act).toEqual(act);
    },
  );

  it('names a client that acted before by its id, also for a client with pairwise names', async () => {
    const first = await trade((await signIn()).access_token);
    const { body } = await trade(first.body.access_token, {}, 'pairwise_second_gateway');
    expect(claimsOf(body.access_token).act).toEqual({ sub: 'pairwise_second_gateway', act: { sub: 'gateway' } });
  });

  it('RFC 8693 §4.1: shows its actor at introspection, signed or opaque', async () => {
    const { access_token } = await signIn();
    for (const by of ['gateway', 'reference_gateway']) {
      const { body } = await trade(access_token, {}, by);
      expect(await introspect(body.access_token)).toMatchObject({ active: true, act: { sub: by } });
    }
  });

  it('may come of an opaque token', async () => {
    const { access_token } = await signIn('reference_app');
    const { body } = await trade(access_token);
    expect(claimsOf(body.access_token)).toMatchObject({ sub: 'subject-of-alice', aud: ['api1', 'api2'] });
  });

  it('may come of an id_token, as far as the policy says what', async () => {
    const { id_token } = await signIn('app', 'openid api1');
    const { body } = await trade(id_token, { subject_token_type: idToken });
    expect(claimsOf(body.access_token)).toMatchObject({ sub: 'subject-of-alice', scope: 'api1' });
    expect(body.expires_in).toBe(300);
    expect(refusal(await trade(id_token, { subject_token_type: idToken }, 'offline_gateway'))).toEqual([
      400,
      'invalid_scope',
    ]);
  });
});

describe('What an exchange may be for', () => {
  it.each(['audience', 'resource'])('RFC 8693 §2.1: is narrowed by %s', async (name) => {
    const { access_token } = await signIn();
    const { body } = await trade(access_token, { [name]: 'api2' });
    expect(claimsOf(body.access_token)).toMatchObject({ aud: 'api2', scope: 'api2' });
  });

  it('RFC 8693 §2.1: is narrowed by scope', async () => {
    const { access_token } = await signIn('app', 'api1 api1.read');
    const { body } = await trade(access_token, { scope: 'api1.read' });
    expect(claimsOf(body.access_token)).toMatchObject({ aud: 'api1', scope: 'api1.read' });
  });

  it('RFC 8693 §2.1: holds for each audience and resource that is named', async () => {
    const { access_token } = await signIn();
    const form = `audience=api1&resource=api2&${new URLSearchParams({
      grant_type: exchange,
      subject_token: access_token,
      subject_token_type: accessToken,
    }).toString()}`;
    const { body } = await server.post('connect/token', form, { basic: 'gateway:secret' });
    expect(claimsOf(body.access_token)).toMatchObject({ aud: ['api1', 'api2'], scope: 'api1 api2' });
  });

  it.each(['api3', 'https://unknown.example'])(
    'RFC 8693 §2.2.2: is no API that the policy leaves out: %s',
    async (audience) => {
      const { access_token } = await signIn();
      expect(refusal(await trade(access_token, { audience }))).toEqual([400, 'invalid_target']);
    },
  );

  it('RFC 8693 §2.2.2: is no API that none of the scopes belongs to', async () => {
    const { access_token } = await signIn();
    expect(refusal(await trade(access_token, { audience: 'api2', scope: 'api1' }))).toEqual([400, 'invalid_target']);
  });
});

describe('What a client brings to an exchange', () => {
  it.each([
    ['subject_token', { subject_token: '' }],
    ['subject_token_type', { subject_token_type: '' }],
    ['actor_token_type where an actor_token comes', { actor_token: 'x' }],
    ['actor_token where its type comes', { actor_token_type: accessToken }],
  ])('RFC 8693 §2.1: needs %s', async (_, form) => {
    expect(refusal(await trade((await signIn()).access_token, form))).toEqual([400, 'invalid_request']);
  });

  it('RFC 8693 §2.1: is no refresh token', async () => {
    const { refresh_token } = await signIn('app', 'api1 offline_access');
    for (const type of [refreshToken, accessToken, jwt]) {
      expect(refusal(await trade(refresh_token, { subject_token_type: type }))).toEqual([400, 'invalid_request']);
    }
  });

  it('RFC 8693 §2.2.2: is no token that nobody knows', async () => {
    for (const subject_token_type of [accessToken, idToken, jwt, 'urn:example:unknown']) {
      expect(refusal(await trade('rubbish', { subject_token_type }))).toEqual([400, 'invalid_request']);
    }
  });

  it('is its own token, or that of a client whose tokens it may exchange', async () => {
    const [own, listed, other] = await Promise.all([signIn('gateway'), signIn('app'), signIn('other_app')]);
    const answers = await Promise.all([own, listed, other].map(({ access_token }) => trade(access_token)));
    expect(answers.map(refusal)).toEqual([
      [200, undefined],
      [200, undefined],
      [400, 'invalid_request'],
    ]);
  });

  it('is a token that was meant for the APIs behind which it stands', async () => {
    const [one, both] = [await signIn('app', 'api1'), await signIn('app', 'api1 shared')];
    expect(refusal(await trade(one.access_token, {}, 'api2_gateway'))).toEqual([400, 'invalid_request']);
    expect((await trade(both.access_token, {}, 'api2_gateway')).status).toBe(200);
  });

  it('is no token of another client that acts for itself', async () => {
    expect(refusal(await trade(await machine('agent'), {}, 'gateway'))).toEqual([400, 'invalid_request']);
  });

  it('RFC 9449 §7: is a bound token only where the request proves to hold the key', async () => {
    const { access_token } = await signIn('app', 'api1', 'alice', holder);
    expect(refusal(await trade(access_token))).toEqual([400, 'invalid_request']);
    expect(refusal(await trade(access_token, {}, 'gateway', other))).toEqual([400, 'invalid_request']);
    const { body } = await trade(access_token, {}, 'gateway', holder);
    expect(body.token_type).toBe('DPoP');
    expect(claimsOf(body.access_token).cnf).toEqual({ jkt: holder.thumbprint });
  });

  it('RFC 9449 §7: is a bound actor token only where the request proves to hold the key', async () => {
    const { access_token } = await signIn();
    const agent = await token({ grant_type: 'client_credentials', scope: 'api1' }, 'agent', holder);
    const form = { actor_token: agent.body.access_token as string, actor_token_type: accessToken };
    expect(refusal(await trade(access_token, form, 'gateway', other))).toEqual([400, 'invalid_request']);
    expect((await trade(access_token, form, 'gateway', holder)).status).toBe(200);
  });

  it('is bound by the exchange where it was not before', async () => {
    const { body } = await trade((await signIn()).access_token, {}, 'gateway', other);
    expect(claimsOf(body.access_token).cnf).toEqual({ jkt: other.thumbprint });
  });
});

describe('Who may exchange', () => {
  it('is a client with rules for it', async () => {
    const { access_token } = await signIn();
    for (const id of ['without_rules', 'without_grant']) {
      expect(refusal(await trade(access_token, {}, id))).toEqual([400, 'unauthorized_client']);
    }
  });

  it('RFC 8693 §5: is no public client', async () => {
    const open = await run({
      clients: [
        client('app', { allowedGrantTypes: ['password'] }),
        client('public', { allowedGrantTypes: [exchange], requireClientSecret: false, clientSecrets: [] }),
      ],
    });
    const form = { grant_type: exchange, subject_token: 'x', subject_token_type: accessToken, client_id: 'public' };
    expect(refusal(await open.post('connect/token', form))).toEqual([400, 'unauthorized_client']);
    await open.close();
  });

  it('RFC 8693 §4.4: is the one whom the subject token names, where it names somebody', async () => {
    const actor = { actor_token: await machine('agent'), actor_token_type: accessToken };
    const named: [unknown, Record<string, string>, number][] = [
      [{ sub: 'gateway' }, {}, 200],
      [{ sub: 'gateway', iss: 'https://id.example.com' }, {}, 200],
      [{ sub: 'agent' }, actor, 200],
      [{ sub: 'agent' }, {}, 400],
      [{ sub: 'gateway' }, actor, 400],
      [{ sub: 'gateway', iss: 'https://evil.example' }, {}, 400],
      [{ sub: 'gateway', unknown: 'rule' }, {}, 400],
      [{}, {}, 400],
      [['gateway'], {}, 400],
    ];
    for (const [names, form, status] of named) {
      expect([names, (await trade(await mayAct(names), form)).status]).toEqual([names, status]);
    }
  });

  it('RFC 8693 §4.4: is still no other after an exchange, nor after a refresh', async () => {
    const { body } = await trade(await mayAct({ sub: 'gateway' }));
    expect(claimsOf(body.access_token).may_act).toEqual({ sub: 'gateway' });
    expect(refusal(await trade(body.access_token, {}, 'second_gateway'))).toEqual([400, 'invalid_request']);
    const form = {
      grant_type: 'urn:example:may-act',
      names: JSON.stringify({ sub: 'gateway' }),
      scope: 'offline_access',
    };
    const { refresh_token } = (await token(form, 'app')).body;
    const renewed = await token({ grant_type: 'refresh_token', refresh_token }, 'app');
    expect(claimsOf(renewed.body.access_token)).toMatchObject({ may_act: { sub: 'gateway' }, sub: 'subject-of-alice' });
  });

  it('RFC 8693 §4.4: is nobody else by impersonation either', async () => {
    expect(refusal(await trade(await mayAct({ sub: 'gateway' }), {}, 'impersonator'))).toEqual([
      400,
      'invalid_request',
    ]);
    expect((await trade(await mayAct({ sub: 'impersonator' }), {}, 'impersonator')).status).toBe(200);
  });

  it('names as actor nobody whose token it may not show, and nobody for whom another acts', async () => {
    const { access_token } = await signIn();
    const acting = (await trade(access_token)).body.access_token as string;
    for (const actor_token of [(await signIn('app')).access_token, await machine('impersonator'), acting, 'rubbish']) {
      const form = { actor_token, actor_token_type: accessToken };
      expect(refusal(await trade(access_token, form))).toEqual([400, 'invalid_request']);
    }
  });
});

describe('The end of a token that came of an exchange', () => {
  it('is never behind that of the subject token', async () => {
    const { access_token } = await signIn('short_app');
    const { body } = await trade(access_token);
    expect(body.expires_in).toBe(60);
    expect(claimsOf(body.access_token).exp).toBe(claimsOf(access_token).exp);
    server.clock.advance(61);
    expect(refusal(await trade(access_token))).toEqual([400, 'invalid_request']);
  });

  it.each(['app', 'reference_app'])('comes with that of the family of the subject token of %s', async (from) => {
    for (const by of ['gateway', 'reference_gateway']) {
      const { access_token, refresh_token } = await signIn(from, 'api1 offline_access');
      const first = (await trade(access_token, {}, by)).body.access_token as string;
      expect((await introspect(first)).active).toBe(true);
      await server.post('connect/revocation', { token: refresh_token }, { basic: `${from}:secret` });
      expect((await introspect(first)).active).toBe(false);
      expect(refusal(await trade(access_token, {}, by))).toEqual([400, 'invalid_request']);
    }
  });

  it('is no beginning: who acts for somebody, or may for a while, gets no refresh token, whatever the grant', async () => {
    const refreshable = async (names: object) => {
      const form = { grant_type: 'urn:example:acting', names: JSON.stringify(names) };
      return 'refresh_token' in (await token(form, 'app')).body;
    };
    expect(await refreshable({})).toBe(true);
    expect(await refreshable({ actor: { sub: 'gateway' } })).toBe(false);
    expect(await refreshable({ expiresAt: server.clock.now() + 60 })).toBe(false);
  });

  it('comes with that of all that the person gave the client: its id_tokens are exchanged no more', async () => {
    const { id_token } = await signIn('short_app', 'openid api1', 'bob');
    const ask = () => trade(id_token, { subject_token_type: idToken });
    expect((await ask()).status).toBe(200);
    const store = { get: <T>(name: abstract new (...dependencies: never[]) => T) => server.app.get<T>(name) };
    const from = clients.find(({ clientId }) => clientId === 'short_app')!;
    await PersonAccess.of(store, server.clock).endGrants('subject-of-bob', from);
    expect(refusal(await ask())).toEqual([400, 'invalid_request']);
    server.clock.advance(1);
    const again = (await signIn('short_app', 'openid api1', 'bob')).id_token;
    expect((await trade(again, { subject_token_type: idToken })).status).toBe(200);
  });

  it('comes with that of the person', async () => {
    const { access_token } = await signIn('app', 'api1', 'bob');
    const { body } = await trade(access_token);
    const store = server.app.get(UserStore);
    const bob = (await store.findBySubject('subject-of-bob'))!;
    bob.enabled = false;
    try {
      expect((await introspect(body.access_token)).active).toBe(false);
      expect(refusal(await trade(access_token))).toEqual([400, 'invalid_request']);
    } finally {
      bob.enabled = true;
    }
  });
});

describe('A policy of the application', () => {
  it('decides in the place of what the clients allow', async () => {
    @Injectable()
    class OfficeHours extends TokenExchangePolicy {
      async terms({ subject }: TokenExchange): Promise<ExchangeTerms> {
        if (subject.person?.subject === 'subject-of-bob') throw new OAuthError('invalid_request', 'Not for bob.');
        return { scopes: ['api2', 'openid', 'unknown'], audiences: ['api2'], impersonation: true };
      }
    }
    const own = await run({
      clients: [
        client('app', { allowedGrantTypes: ['password'] }),
        client('gateway', { allowedGrantTypes: [exchange], allowedScopes: ['api2', 'openid'] }),
      ],
      providers: [{ provide: TokenExchangePolicy, useClass: OfficeHours }],
    });
    const ask = async (username: string) => {
      const password = passwords[username]!;
      const form = { grant_type: 'password', username, password, scope: 'api1' };
      const { body } = await own.post('connect/token', form, { basic: 'app:secret' });
      const request = { grant_type: exchange, subject_token: body.access_token, subject_token_type: accessToken };
      return own.post('connect/token', request, { basic: 'gateway:secret' });
    };
    const { body } = await ask('alice');
    expect(claimsOf(body.access_token)).toMatchObject({ aud: 'api2', scope: 'api2', client_id: 'gateway' });
    expect((await ask('bob')).body).toEqual({ error: 'invalid_request', error_description: 'Not for bob.' });
    await own.close();
  });
});

it('RFC 8414 §2: discovery lists the grant where a client can use it', async () => {
  const listed = async (running: RunningServer) =>
    (await running.send('.well-known/openid-configuration')).body.grant_types_supported as string[];
  expect(await listed(server)).toContain(exchange);
  const without = await run({ clients: [client('app', { clientSecrets: [new Secret(sha256('secret'))] })] });
  expect(await listed(without)).not.toContain(exchange);
  await without.close();
});
