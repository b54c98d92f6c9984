import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GrantTypes } from '@tessera/protocol';
import {
  AuthenticationLevel,
  type BackchannelAuthentication,
  BackchannelAuthenticationStore,
  ClientStore,
  createHandle,
  hashHandle,
  InMemoryClientStore,
  type Session,
} from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { SessionEnd } from '../sessions/session-end.js';
import { Sessions } from '../sessions/sessions.js';
import { client, run, type RunningServer } from '../running-server.spec.fixture.js';
import { BackchannelQuestions } from './backchannel-questions.js';

const asking = { allowedGrantTypes: [GrantTypes.ciba], allowedScopes: ['openid', 'profile', 'api1', 'api2'] };
const pinged: string[] = [];
const listener = createServer((request, response) => {
  request.setEncoding('utf8').on('data', (body: string) => pinged.push(`${request.headers.authorization} ${body}`));
  request.on('end', () => response.writeHead(204).end());
});

let server: RunningServer;
beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/ping`;
  const clients = [
    client('till', asking),
    // The configuration would want https; what is told over it is shown elsewhere.
    client('told', { ...asking, backchannelClientNotificationEndpoint: url }),
    client('recent', { ...asking, userSsoLifetime: 60 }),
    client('fresh', { ...asking, defaultMaxAge: 0 }),
    client('staff', { ...asking, enableLocalLogin: false }),
    client('closed', { ...asking, enabled: false }),
  ];
  server = await run({
    providers: [{ provide: ClientStore, useValue: new InMemoryClientStore(clients) }],
    authenticationLevels: [
      new AuthenticationLevel({ acr: 'silver', ways: [['pwd']] }),
      new AuthenticationLevel({ acr: 'gold', ways: [['pwd', 'otp'], ['hwk']] }),
    ],
    outgoing: { allowPrivateAddresses: true, allowHttp: true },
  });
});
afterAll(() => void listener.close());

const questions = () => server.app.get(BackchannelQuestions);
const store = () => server.app.get(BackchannelAuthenticationStore);

async function ask(difference: Partial<BackchannelAuthentication> = {}): Promise<{ id: string; handle: string }> {
  const [id, handle] = [createHandle(), createHandle()];
  const now = server.clock.now();
  const asked = {
    handleHash: hashHandle(handle),
    id,
    clientId: 'till',
    subject: 'subject-of-alice',
    scopes: ['openid', 'profile', 'api1'],
    createdAt: now,
    expiresAt: now + 120,
    interval: 5,
    ...difference,
  };
  expect(await store().add(asked, now, 1000)).toBe(true);
  return { id, handle };
}

const decisionOf = async (handle: string) => (await store().redeem(hashHandle(handle)))?.decision;

function signIn(name = 'alice', methods = ['pwd'], identityProvider?: string): Promise<Session> {
  const request = { method: 'POST', url: '/', headers: {}, ip: '192.0.2.1' } as HttpRequest;
  const reply = {
    header: () => reply,
    getHeader: () => undefined,
    removeHeader: () => reply,
    status: () => reply,
    send: () => reply,
  };
  const person = { subject: `subject-of-${name}`, methods, identityProvider, remember: false };
  return server.app.get(Sessions).begin(request, reply, person);
}

describe('What a client asks a person in the back channel (CIBA Core §8)', () => {
  it('is shown with who asks, for what, and the message to compare (CIBA Core §7.1)', async () => {
    const session = await signIn();
    const { id } = await ask({ bindingMessage: 'W4\u200bSCT\nand \u202emore' });
    const { createdAt, expiresAt } = (await store().find(id, session.subject))!;
    expect(await questions().find(id, session)).toEqual({
      id,
      client: expect.objectContaining({ clientId: 'till' }),
      consent: expect.objectContaining({
        identity: [
          expect.objectContaining({ name: 'openid', required: true }),
          expect.objectContaining({ name: 'profile' }),
        ],
        api: [expect.objectContaining({ name: 'api1' })],
        canBeRemembered: false,
      }),
      bindingMessage: 'W4 SCT and  more',
      contextClasses: [],
      askedAt: createdAt,
      expiresAt,
      signInFault: undefined,
    });
  });

  it('is decided once, with the sign-in that it was decided by; required scopes are among the others', async () => {
    const session = await signIn();
    const { id, handle } = await ask();
    expect(await questions().decide(id, session, ['api1', 'api2'])).toBe(true);
    expect(await questions().decide(id, session, undefined)).toBe(false);
    expect(await questions().find(id, session)).toBeUndefined();
    const authentication = { time: session.authentication.time, methods: ['pwd'], contextClass: 'silver' };
    expect(await decisionOf(handle)).toEqual({
      allowed: true,
      authentication: { ...authentication, sessionId: session.id },
      scopes: ['openid', 'api1'],
    });
  });

  it('is decided by one of any number of answers at once', async () => {
    const session = await signIn();
    const { id } = await ask();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_one, index) =>
        questions().decide(id, session, index % 2 === 0 ? ['openid'] : undefined),
      ),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('is seen and decided by nobody else', async () => {
    const bob = await signIn('bob');
    const { id, handle } = await ask();
    expect(await questions().find(id, bob)).toBeUndefined();
    expect((await questions().of(bob)).map((question) => question.id)).not.toContain(id);
    expect([await questions().decide(id, bob, ['openid']), await questions().decide(id, bob, undefined)]).toEqual([
      false,
      false,
    ]);
    expect(await decisionOf(handle)).toBeUndefined();
  });

  it('is neither seen nor decided after its end', async () => {
    const session = await signIn();
    const { id, handle } = await ask();
    server.clock.advance(120);
    expect(await questions().find(id, session)).toBeUndefined();
    expect((await questions().of(session)).map((question) => question.id)).not.toContain(id);
    expect(await questions().decide(id, session, ['openid'])).toBe(false);
    expect(await decisionOf(handle)).toBeUndefined();
  });

  it('is not seen where the client is switched off', async () => {
    const session = await signIn();
    const { id } = await ask({ clientId: 'closed' });
    expect(await questions().find(id, session)).toBeUndefined();
    expect((await questions().of(session)).map((question) => question.id)).not.toContain(id);
  });

  it('comes to nothing where the person has signed out in between', async () => {
    const session = await signIn();
    const { id, handle } = await ask();
    await server.app.get(SessionEnd).end(session.id);
    expect(await questions().decide(id, session, ['openid'])).toBe(false);
    expect(await decisionOf(handle)).toBeUndefined();
  });

  it('makes the client take part in the session, so that it is told of the sign-out', async () => {
    const session = await signIn();
    const { id } = await ask();
    await questions().decide(id, session, ['openid']);
    const { clients } = (await server.app.get(SessionEnd).end(session.id))!;
    expect(clients).toContain('till');
  });
});

describe('A sign-in', () => {
  const allow = async (session: Session, asked: Partial<BackchannelAuthentication>) => {
    const { id, handle } = await ask(asked);
    const question = await questions().find(id, session);
    return { id, handle, fault: question!.signInFault, isDone: await questions().decide(id, session, ['openid']) };
  };

  it('that is older than the client admits allows nothing; one made since it asked is recent enough', async () => {
    const old = await signIn();
    server.clock.advance(61);
    const { id, handle, ...refused } = await allow(old, { clientId: 'recent' });
    expect(refused).toEqual({ fault: 'tooOld', isDone: false });
    expect(await allow(old, { clientId: 'fresh' })).toMatchObject({ fault: 'tooOld', isDone: false });
    server.clock.advance(1);
    const again = await signIn();
    server.clock.advance(61);
    expect(await questions().decide(id, again, ['openid'])).toBe(true);
    expect(await decisionOf(handle)).toMatchObject({ authentication: { time: again.authentication.time } });
  });

  it('that reaches none of the levels asked for allows nothing (CIBA Core §7.1, acr_values)', async () => {
    const asked = { contextClasses: ['gold'] };
    expect(await allow(await signIn(), asked)).toMatchObject({ fault: 'tooWeak', isDone: false });
    const { handle, isDone } = await allow(await signIn('alice', ['pwd', 'otp']), asked);
    expect(isDone).toBe(true);
    expect(await decisionOf(handle)).toMatchObject({ authentication: { contextClass: 'gold' } });
  });

  it('is called by the level that the client asked for, even where it reached a stronger one', async () => {
    const { handle } = await allow(await signIn('alice', ['hwk']), { contextClasses: ['silver'] });
    expect(await decisionOf(handle)).toMatchObject({ authentication: { contextClass: 'silver' } });
  });

  it('of a kind that the client does not admit allows nothing', async () => {
    const asked = { clientId: 'staff' };
    expect(await allow(await signIn(), asked)).toMatchObject({ fault: 'notAdmitted', isDone: false });
    expect(await allow(await signIn('alice', ['pwd'], 'company'), asked)).toMatchObject({ isDone: true });
  });

  it('that does not do refuses all the same', async () => {
    const session = await signIn();
    const { id, handle } = await ask({ contextClasses: ['gold'] });
    expect(await questions().decide(id, session, undefined)).toBe(true);
    expect(await decisionOf(handle)).toEqual({ allowed: false });
  });
});

describe('The client', () => {
  it('is told that there is an answer, whichever it is, and nothing where there is none (CIBA Core §10.2)', async () => {
    const session = await signIn();
    const ping = (authReqId: string) => ({ clientId: 'told', ping: { authReqId, token: `token-${authReqId}` } });
    const [allowed, denied, lost] = [await ask(ping('one')), await ask(ping('two')), await ask(ping('three'))];
    await questions().decide(allowed.id, session, ['openid']);
    await questions().decide(denied.id, session, undefined);
    await questions().decide(lost.id, await signIn('bob'), undefined);
    const wanted = ['Bearer token-one {"auth_req_id":"one"}', 'Bearer token-two {"auth_req_id":"two"}'];
    for (let tries = 0; pinged.length < wanted.length && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(pinged.sort()).toEqual(wanted);
  });
});
