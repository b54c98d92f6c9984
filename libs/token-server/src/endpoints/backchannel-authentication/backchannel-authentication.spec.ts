import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GrantTypes, OAuthError } from '@tessera/protocol';
import { BackchannelAuthenticationStore, type Client, hashHandle, User } from '@tessera/resource-model';
import { BackchannelNotifier } from '../../interaction/backchannel-notifier.js';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import { adapters, run, seed } from '../../running-server.spec.fixture.js';
import { requestSigner } from '../../signed-requests.spec.fixture.js';
import { PlainPages } from '../../signed-in-browser.spec.fixture.js';
import { asker, AskingServer, payment } from './backchannel.spec.fixture.js';
import { LoginHints } from './login-hints.js';

const signer = await requestSigner();
const signing = { jwks: signer.jwks, backchannelAuthenticationRequestSigningAlg: 'ES256' as const };
const clients = [
  asker('bank', { clientName: 'The Bank' }),
  asker('short', { backchannelAuthenticationLifetime: 60 }),
  asker('told', {
    backchannelTokenDeliveryMode: 'ping',
    backchannelClientNotificationEndpoint: 'https://client.example.com/told',
  }),
  asker('signer', signing),
  asker('careful', { requireBindingMessage: true, authorizationDetailsTypes: ['payment'] }),
  asker('pairwise', { subjectType: 'pairwise', pairwiseSubjectSalt: 'a salt of sixteen or more' }),
];
const text = (length: number) => 'a'.repeat(length);

/** Has chosen the subject of somebody else as a name. */
const borrower = new User({ subject: 'subject-of-the-borrower', username: 'subject-of-alice' });

describe.each(adapters)('The backchannel authentication endpoint on %s', (adapter) => {
  let asking: AskingServer;
  beforeAll(async () => {
    asking = await AskingServer.start({ clients, users: [...seed.users, borrower] }, adapter);
  });
  beforeEach(() => {
    // Nobody is kept from asking by what other tests asked.
    asking.server.clock.advance(600);
    asking.mailbox.questions.length = 0;
  });

  const refusal = async (form: Readonly<Record<string, string | undefined>>, id?: string) => {
    const { status, body } = await asking.begin(form, id);
    return [status, body.error];
  };

  it('CIBA §7.3: gives the client an id to come back with, how long it counts, and how often to ask', async () => {
    const { status, headers, body } = await asking.begin();
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toEqual({ auth_req_id: expect.stringMatching(/^[A-Za-z0-9._-]{43}$/), expires_in: 300, interval: 5 });
  });

  it('CIBA §7.3: the id has at least 128 random bits and stands nowhere as it is', async () => {
    const { auth_req_id } = (await asking.begin()).body;
    expect(Buffer.from(auth_req_id as string, 'base64url')).toHaveLength(32);
    const kept = await asking.server.app
      .get(BackchannelAuthenticationStore)
      .poll(hashHandle(auth_req_id as string), 0, 0);
    expect(kept?.authentication.clientId).toBe('bank');
    expect(JSON.stringify(kept)).not.toContain(auth_req_id);
  });

  it('tells the person who asks, what for and until when, with an address that gives nobody tokens', async () => {
    const { auth_req_id } = (await asking.begin({ binding_message: 'W4SCT' })).body;
    expect(asking.mailbox.questions).toEqual([
      {
        subject: 'subject-of-alice',
        client: { clientId: 'bank', clientName: 'The Bank' },
        bindingMessage: 'W4SCT',
        url: expect.stringMatching(/^https:\/\/id\.example\.com\/backchannel\?request=[\w-]{43}$/),
        expiresAt: asking.server.clock.now() + 300,
      },
    ]);
    expect(asking.mailbox.questions[0]!.url).not.toContain(auth_req_id);
  });

  it('CIBA §7.1: takes a form by POST and nothing else', async () => {
    expect((await asking.server.send('connect/ciba')).status).toBe(405);
    const headers = { 'content-type': 'application/json' };
    const json = await asking.server.send('connect/ciba', { method: 'POST', body: '{}', headers });
    expect([json.status, json.body.error]).toEqual([400, 'invalid_request']);
  });

  it('CIBA §7.1: the client authenticates', async () => {
    const wrong = await asking.server.post('connect/ciba', { scope: 'openid' }, { basic: 'bank:wrong' });
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    expect(wrong.headers.get('www-authenticate')).toContain('Basic');
  });

  it('CIBA §13: refuses a client that may not use the grant', async () => {
    expect(await refusal({}, 'simple_client')).toEqual([400, 'unauthorized_client']);
  });

  it('CIBA §7.1: scope must be there and contain openid', async () => {
    expect(await refusal({ scope: undefined })).toEqual([400, 'invalid_request']);
    expect(await refusal({ scope: 'profile' })).toEqual([400, 'invalid_scope']);
    expect(await refusal({ scope: 'openid email' })).toEqual([400, 'invalid_scope']);
  });

  it('CIBA §7.1: there must be exactly one hint', async () => {
    expect(await refusal({ login_hint: undefined })).toEqual([400, 'invalid_request']);
    expect(await refusal({ id_token_hint: 'x' })).toEqual([400, 'invalid_request']);
    expect(await refusal({ login_hint_token: 'x' })).toEqual([400, 'invalid_request']);
    expect(await refusal({ login_hint: undefined, login_hint_token: 'x', id_token_hint: 'y' })).toEqual([
      400,
      'invalid_request',
    ]);
    expect(asking.mailbox.questions).toEqual([]);
  });

  it('CIBA §7.1: login_hint is the name of a person, or what the client calls the person', async () => {
    await asking.begin({ login_hint: 'ALICE' });
    await asking.begin({ login_hint: 'subject-of-bob' });
    expect(asking.mailbox.questions.map(({ subject }) => subject)).toEqual(['subject-of-alice', 'subject-of-bob']);
  });

  it('takes nobody for the person whose subject that is, for having chosen it as a name', async () => {
    await asking.begin({ login_hint: 'subject-of-alice' });
    expect(asking.mailbox.questions.map(({ subject }) => subject)).toEqual(['subject-of-alice']);
  });

  it('tells a client with pairwise names nothing by the subject of a person', async () => {
    expect(await refusal({ login_hint: 'subject-of-bob' }, 'pairwise')).toEqual([400, 'unknown_user_id']);
  });

  it('CIBA §13: unknown_user_id where the hint means nobody', async () => {
    expect(await refusal({ login_hint: 'nobody' })).toEqual([400, 'unknown_user_id']);
  });

  it('CIBA §13: access_denied, with 403, where the person may have no tokens', async () => {
    const { status, headers, body } = await asking.begin({ login_hint: 'mallory' });
    expect([status, body.error]).toEqual([403, 'access_denied']);
    expect(headers.get('www-authenticate')).toBeNull();
  });

  it('CIBA §7.1: login_hint_token is refused where the application does not say what it is', async () => {
    expect(await refusal({ login_hint: undefined, login_hint_token: 'x' })).toEqual([400, 'invalid_request']);
  });

  describe('with an id_token as the hint', () => {
    /** Which the client got when the person allowed it something before. */
    const idToken = async (clientId: string, name = 'alice') => {
      const { auth_req_id } = (await asking.begin({ login_hint: name }, clientId)).body;
      await asking.answer(['openid'], name);
      return (await asking.poll(auth_req_id, clientId)).body.id_token as string;
    };

    it('CIBA §7.1: asks the person whom it is about, expired as it may be', async () => {
      const hint = await idToken('bank', 'bob');
      asking.server.clock.advance(86_400);
      expect((await asking.begin({ login_hint: undefined, id_token_hint: hint })).status).toBe(200);
      expect(asking.mailbox.questions.at(-1)!.subject).toBe('subject-of-bob');
    });

    it('CIBA §7.2: refuses one that was issued to another client, or by nobody here', async () => {
      expect(await refusal({ login_hint: undefined, id_token_hint: await idToken('short') })).toEqual([
        400,
        'invalid_request',
      ]);
      const forged = (await idToken('bank')).replace(/[^.]+$/, 'AAAA');
      expect(await refusal({ login_hint: undefined, id_token_hint: forged })).toEqual([400, 'invalid_request']);
    });
  });

  it.each([
    ['too long', text(65)],
    ['with markup', '<b>Pay 1 €</b>'],
    ['of two lines', 'Pay\n1'],
    ['that turns the text around', 'Pay \u202e1'],
    ['of nothing but a space', ' '],
    ['of letters that nobody sees', '\u3164\u3164'],
  ])('CIBA §13: invalid_binding_message for one %s', async (_what, message) => {
    expect(await refusal({ binding_message: message })).toEqual([400, 'invalid_binding_message']);
  });

  it('CIBA §7.1: binding_message is plain text of any language, up to 64 characters', async () => {
    for (const message of [text(64), 'Zürich 12,50 €', '支払い #42']) {
      expect((await asking.begin({ binding_message: message })).status).toBe(200);
    }
  });

  it('FAPI-CIBA §5.2.2: a message, or details, are required of a client that must send one', async () => {
    expect(await refusal({}, 'careful')).toEqual([400, 'invalid_request']);
    expect(await refusal({ authorization_details: '[]' }, 'careful')).toEqual([400, 'invalid_request']);
    expect((await asking.begin({ binding_message: 'W4SCT' }, 'careful')).status).toBe(200);
    expect((await asking.begin({ authorization_details: '[{"type":"payment"}]' }, 'careful')).status).toBe(200);
  });

  it('CIBA §7.1: client_notification_token is required of a client that is told by ping', async () => {
    expect(await refusal({}, 'told')).toEqual([400, 'invalid_request']);
    expect((await asking.begin({ client_notification_token: text(1024) }, 'told')).status).toBe(200);
  });

  it('CIBA §7.1: client_notification_token is at most 1024 characters long, of the syntax of RFC 6750 §2.1', async () => {
    for (const token of [text(1025), 'a b', 'a=b', 'ü', 'a\r\nX-Header: 1']) {
      expect(await refusal({ client_notification_token: token }, 'told')).toEqual([400, 'invalid_request']);
    }
  });

  it('CIBA §7.1: requested_expiry shortens the time, and lengthens it no further than the client may', async () => {
    expect((await asking.begin({ requested_expiry: '20' }, 'short')).body.expires_in).toBe(20);
    expect((await asking.begin({ requested_expiry: '3600' }, 'short')).body.expires_in).toBe(60);
  });

  it.each(['0', '-1', '1.5', 'soon', '1e3'])(
    'CIBA §7.1: requested_expiry is a positive whole number, not %s',
    async (expiry) => {
      expect(await refusal({ requested_expiry: expiry })).toEqual([400, 'invalid_request']);
    },
  );

  it('CIBA §4: a user_code is not asked for, and one that is sent changes nothing', async () => {
    expect((await asking.begin({ user_code: 'wrong' })).status).toBe(200);
  });

  it('RFC 8707 §2: refuses a resource that nothing asked for belongs to', async () => {
    expect(await refusal({ scope: 'openid api1', resource: 'api2' })).toEqual([400, 'invalid_target']);
  });

  it('RFC 9396 §5: refuses details of a type that the client may not ask for', async () => {
    expect(await refusal({ authorization_details: '[{"type":"payment"}]' })).toEqual([
      400,
      'invalid_authorization_details',
    ]);
  });

  it('keeps people from being flooded: the fourth of a client that waits for one person is denied, until one is answered', async () => {
    for (let i = 0; i < 3; i++) expect((await asking.begin()).status).toBe(200);
    expect(await refusal({})).toEqual([403, 'access_denied']);
    expect(await asking.answer(undefined)).toBe(true);
    expect((await asking.begin()).status).toBe(200);
    expect(await refusal({})).toEqual([403, 'access_denied']);
    expect((await asking.begin({ login_hint: 'bob' })).status).toBe(200);
  });

  it('lets no client keep the others from a person', async () => {
    for (let i = 0; i < 20; i++) await asking.begin({}, 'short');
    expect((await asking.begin()).status).toBe(200);
  });

  it('asks a person no more than ten times in ten minutes, however short each question lives and whatever is answered', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 20; i++) {
      const { status } = await asking.begin({ requested_expiry: '1' });
      statuses.push(status);
      if (i % 2 === 0) await asking.answer(undefined);
      asking.server.clock.advance(1);
    }
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(14);
    const { status, headers, body } = await asking.begin();
    expect([status, body.error]).toEqual([503, 'temporarily_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await asking.begin({ login_hint: 'bob' })).status).toBe(200);
    asking.server.clock.advance(600);
    expect((await asking.begin()).status).toBe(200);
  });

  it('goes on asking a person who agrees', async () => {
    for (let i = 0; i < 15; i++) {
      expect((await asking.begin()).status).toBe(200);
      await asking.answer(['openid']);
    }
  });

  describe('with a signed request', () => {
    let count = 0;
    const claims = (difference: Record<string, unknown> = {}) => {
      const now = asking.server.clock.now();
      const own = { iss: 'signer', exp: now + 60, iat: now, nbf: now, jti: `id ${++count} on ${adapter}` };
      return { ...own, scope: 'openid', login_hint: 'alice', ...difference };
    };
    const plain = { scope: undefined, login_hint: undefined };
    const send = async (difference: Record<string, unknown> = {}, header: Record<string, unknown> = { typ: 'JWT' }) =>
      asking.begin({ ...plain, request: await signer.sign(claims(difference), header) }, 'signer');
    const signedRefusal = async (difference: Record<string, unknown>) => {
      const { status, body } = await send(difference);
      return [status, body.error];
    };

    it('CIBA §7.1.1: reads all parameters from it, requested_expiry as a number or as text', async () => {
      const { body } = await send({ binding_message: 'W4SCT', requested_expiry: 30 });
      expect(body).toMatchObject({ auth_req_id: expect.any(String), expires_in: 30 });
      expect(asking.mailbox.questions.at(-1)).toMatchObject({ subject: 'subject-of-alice', bindingMessage: 'W4SCT' });
      expect((await send({ requested_expiry: '40' })).body.expires_in).toBe(40);
    });

    it.each(['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'])('CIBA §7.1.1: %s must be given', async (name) => {
      expect(await signedRefusal({ [name]: undefined })).toEqual([400, 'invalid_request']);
    });

    it('CIBA §7.1.1: aud is this server, iss the client', async () => {
      expect(await signedRefusal({ aud: 'https://other.example.com' })).toEqual([400, 'invalid_request']);
      expect(await signedRefusal({ iss: 'bank' })).toEqual([400, 'invalid_request']);
      expect((await send({ aud: [seed.issuer, 'https://other.example.com'] })).status).toBe(200);
    });

    it('CIBA §7.1.1: counts neither before nbf nor after exp', async () => {
      const now = asking.server.clock.now();
      expect(await signedRefusal({ exp: now })).toEqual([400, 'invalid_request']);
      expect(await signedRefusal({ nbf: now + 60, exp: now + 120 })).toEqual([400, 'invalid_request']);
    });

    it('CIBA §7.1.1: no parameter may stand outside of it, but for the authentication of the client', async () => {
      const request = await signer.sign(claims(), { typ: 'JWT' });
      expect(await refusal({ ...plain, scope: 'openid', request }, 'signer')).toEqual([400, 'invalid_request']);
      expect(await refusal({ ...plain, binding_message: 'x', request }, 'signer')).toEqual([400, 'invalid_request']);
      expect((await asking.begin({ ...plain, client_id: 'signer', request }, 'signer')).status).toBe(200);
    });

    it('CIBA §7.1.1: the same jti counts once', async () => {
      const request = await signer.sign(claims(), { typ: 'JWT' });
      expect((await asking.begin({ ...plain, request }, 'signer')).status).toBe(200);
      expect(await refusal({ ...plain, request }, 'signer')).toEqual([400, 'invalid_request']);
    });

    it('CIBA §7.1.1: is signed by the client, with the algorithm that it registered', async () => {
      const [stranger, other] = [await requestSigner(), await requestSigner('RS256')];
      for (const { sign } of [stranger, other]) {
        const request = await sign(claims(), { typ: 'JWT' });
        expect(await refusal({ ...plain, request }, 'signer')).toEqual([400, 'invalid_request']);
      }
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims({ aud: seed.issuer }))).toString('base64url')}.`;
      expect(await refusal({ ...plain, request: unsigned }, 'signer')).toEqual([400, 'invalid_request']);
    });

    it('CIBA §4: is asked of a client that registered an algorithm for it, and of no other', async () => {
      expect(await refusal({}, 'signer')).toEqual([400, 'invalid_request']);
      expect(await refusal({ ...plain, request: await signer.sign(claims({ iss: 'bank' })) })).toEqual([
        400,
        'invalid_request',
      ]);
    });
  });
});

describe('What an application adds to the backchannel authentication endpoint', () => {
  class Telephones extends LoginHints {
    async named(hint: string): Promise<string | undefined> {
      return hint === '+41 44 123 45 67' ? 'subject-of-bob' : undefined;
    }

    override async toldByToken(token: string, { clientId }: Client): Promise<string | undefined> {
      if (token === 'old') throw new OAuthError('expired_login_hint_token', `The token of ${clientId} has expired.`);
      return 'subject-of-alice';
    }
  }

  it('finds people by hints of its own', async () => {
    const providers = [{ provide: LoginHints, useClass: Telephones }];
    const asking = await AskingServer.start({ clients, providers });
    expect((await asking.begin({ login_hint: '+41 44 123 45 67' })).status).toBe(200);
    expect((await asking.begin({ login_hint: undefined, login_hint_token: 'new' })).status).toBe(200);
    expect(asking.mailbox.questions.map(({ subject }) => subject)).toEqual(['subject-of-bob', 'subject-of-alice']);
    const expired = await asking.begin({ login_hint: undefined, login_hint_token: 'old' });
    expect([expired.status, expired.body.error]).toEqual([400, 'expired_login_hint_token']);
  });

  it('answers the client whether or not the person could be told', async () => {
    const asking = await AskingServer.start({ clients });
    asking.mailbox.notify = () => {
      throw new Error('the post office is closed');
    };
    expect((await asking.begin()).status).toBe(200);
  });

  it('says so where there is no page for the answer, and discovery is silent', async () => {
    const bare = await run({
      clients,
      authorizationDetailTypes: [payment],
      providers: [{ provide: InteractionPages, useClass: PlainPages }],
    });
    const { status, body } = await bare.post(
      'connect/ciba',
      { scope: 'openid', login_hint: 'alice' },
      { basic: 'bank:secret' },
    );
    expect([status, body.error]).toEqual([400, 'interaction_required']);
    const metadata = (await bare.send('.well-known/openid-configuration')).body;
    expect(metadata.grant_types_supported).not.toContain(GrantTypes.ciba);
    expect(metadata.backchannel_authentication_endpoint).toBeUndefined();
  });
});

describe('The discovery document (CIBA §4)', () => {
  const metadataWith = async (...some: readonly Client[]) => {
    const { server } = await AskingServer.start({ clients: some });
    return (await server.send('.well-known/openid-configuration')).body;
  };

  it('tells what some client can use', async () => {
    const metadata = await metadataWith(...clients);
    expect(metadata.grant_types_supported).toContain(GrantTypes.ciba);
    expect(metadata).toMatchObject({
      backchannel_authentication_endpoint: `${seed.issuer}/connect/ciba`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_authentication_request_signing_alg_values_supported: ['ES256'],
      backchannel_user_code_parameter_supported: false,
    });
  });

  it('tells nothing that no client can use', async () => {
    expect(Object.keys(await metadataWith()).filter((name) => name.startsWith('backchannel_authentication'))).toEqual(
      [],
    );
    const metadata = await metadataWith(asker('bank'));
    expect(metadata.backchannel_token_delivery_modes_supported).toEqual(['poll']);
    expect(metadata.backchannel_authentication_request_signing_alg_values_supported).toBeUndefined();
  });

  it('RFC 8705 §5: names the address at the host for certificates', async () => {
    const mtls = { certificate: 'socket', baseUrl: 'https://mtls.example.com' } as const;
    const { server } = await AskingServer.start({ clients: [asker('bank')], mtls });
    const metadata = (await server.send('.well-known/openid-configuration')).body;
    expect(metadata.mtls_endpoint_aliases).toMatchObject({
      backchannel_authentication_endpoint: 'https://mtls.example.com/connect/ciba',
    });
  });
});

it('A notifier of the application that fails, with whatever it throws, keeps nobody from asking', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  class Broken extends BackchannelNotifier {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- applications do
    notify = () => Promise.reject(undefined);
  }
  const asking = await AskingServer.start({
    clients,
    providers: [{ provide: BackchannelNotifier, useClass: Broken }],
  });
  expect((await asking.begin()).status).toBe(200);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
