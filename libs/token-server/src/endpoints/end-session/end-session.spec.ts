import { describe, expect, it } from '@jest/globals';
import { createHandle, hashHandle, LogoutNoticeStore, type Session, SessionStore } from '@tessera/resource-model';
import { Cookies } from '../../http/cookies.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import type { Problem } from '../../interaction/views.js';
import { SignOuts } from '../../interaction/sign-outs.js';
import { KeyRing } from '../../keys/key-ring.js';
import { type Answer, client, issuer, run, type RunningServer } from '../../running-server.spec.fixture.js';

class Pages extends InteractionPages {
  readonly paths = {
    signIn: 'signin',
    chooseAccount: 'account',
    consent: 'consent',
    device: 'device',
    signOut: 'signout',
    signedOut: 'signedout',
  };

  async showProblem({ status, description }: Problem, _request: HttpRequest, reply: HttpReply) {
    reply.status(status).send(description);
  }
}

const bye = 'https://notes.example/bye?from=here';
const clients = [
  client('notes', { postLogoutRedirectUris: [bye], backChannelLogoutUri: 'https://notes.example/out' }),
  client('shop', { frontChannelLogoutUri: 'https://shop.example/out?a=b' }),
  client('blog', { frontChannelLogoutUri: 'https://blog.example/out', frontChannelLogoutSessionRequired: false }),
  client('gone', { enabled: false, postLogoutRedirectUris: [bye] }),
];

/** A server, and the browser of somebody who is signed in there. */
async function signedIn(takingPart: readonly string[] = ['notes']) {
  const server = await run({ clients, providers: [{ provide: InteractionPages, useClass: Pages }] });
  const now = server.clock.now();
  const handle = createHandle();
  const session: Session = {
    handleHash: hashHandle(handle),
    id: 'sid1',
    subject: 'subject-of-alice',
    authentication: { time: now, methods: ['pwd'] },
    remembered: false,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 3600,
    clients: takingPart,
  };
  await server.app.get(SessionStore).add(session);
  const cookie = `${server.app.get(Cookies).nameOf('session')}=${handle}`;
  const isSignedIn = async () => (await server.app.get(SessionStore).findById('sid1')) !== undefined;
  return { server, cookie, isSignedIn };
}

const ask = (server: RunningServer, query: Record<string, string>, cookie?: string) =>
  server.send(`connect/endsession?${new URLSearchParams(query).toString()}`, { headers: cookie ? { cookie } : {} });

async function hint(server: RunningServer, difference: object = {}): Promise<string> {
  const claims = { iss: issuer, sub: 'subject-of-alice', aud: 'notes', sid: 'sid1', iat: 1000, exp: 1300 };
  return server.app
    .get(KeyRing)
    .signer()
    .sign('JWT', { ...claims, ...difference });
}

const location = ({ headers }: Answer) => headers.get('location');

/** The request of a page, with the cookies that the browser has by then. */
function pageRequest(answer: Answer, cookie = '') {
  const query = Object.fromEntries(new URL(location(answer)!, issuer).searchParams);
  const given = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0]!);
  return { method: 'GET', url: '/', query, headers: { cookie: [cookie, ...given].join('; ') } };
}

describe('The end session endpoint', () => {
  it('signs out without asking whom an id_token proves, and leads back with state (RP-Initiated Logout §2, §3)', async () => {
    const { server, cookie, isSignedIn } = await signedIn();
    const query = { id_token_hint: await hint(server), post_logout_redirect_uri: bye, state: 'a b' };
    const answer = await ask(server, query, cookie);
    expect([answer.status, location(answer)]).toEqual([303, `${bye}&state=a+b`]);
    expect(await isSignedIn()).toBe(false);
    expect(answer.headers.getSetCookie().some((line) => /tessera\.session=;.*Max-Age=0/.test(line))).toBe(true);
    const now = server.clock.now();
    const wanted = { limit: 9, except: [] };
    expect(await server.app.get(LogoutNoticeStore).claimDue(now + 9999, wanted, () => 1)).toHaveLength(1);
  });

  it.each([
    ['nothing', {}],
    ['a client_id', { client_id: 'notes' }],
    ['the id_token of somebody else', { sub: 'subject-of-bob', sid: 'sid2' }],
  ])(
    'asks where the request brings %s (RP-Initiated Logout §2)',
    async (_what, { sub, ...query }: Record<string, string>) => {
      const { server, cookie, isSignedIn } = await signedIn();
      const { sid, ...others } = query;
      const sent = sub === undefined ? others : { id_token_hint: await hint(server, { sub, sid }) };
      const answer = await ask(server, sent, cookie);
      expect(location(answer)).toMatch(/^https:\/\/id\.example\.com\/signout\?interaction=/);
      expect(await isSignedIn()).toBe(true);
    },
  );

  it('signs out when the person says so, and leads back', async () => {
    const { server, cookie, isSignedIn } = await signedIn();
    const asked = await ask(server, { client_id: 'notes', post_logout_redirect_uri: bye }, cookie);
    const page = pageRequest(asked, cookie);
    const signOuts = server.app.get(SignOuts);
    expect(await signOuts.request(page)).toMatchObject({ client: { clientId: 'notes' }, returnUrl: bye, frames: [] });
    const reply = { header() {}, getHeader: () => undefined, removeHeader() {}, status: () => reply, send() {} };
    expect(await signOuts.signOut(page, reply)).toBe(bye);
    expect(await isSignedIn()).toBe(false);
  });

  it('tells clients in frames first, with iss and sid where they want them (Front-Channel Logout §2)', async () => {
    const { server, cookie } = await signedIn(['shop', 'notes', 'blog']);
    const query = { id_token_hint: await hint(server), post_logout_redirect_uri: bye };
    const answer = await ask(server, query, cookie);
    expect(location(answer)).toMatch(/^https:\/\/id\.example\.com\/signedout\?interaction=/);
    const view = await server.app.get(SignOuts).signedOut(pageRequest(answer));
    expect(view.returnUrl).toBe(bye);
    expect(view.frames).toEqual([
      `https://shop.example/out?a=b&iss=${encodeURIComponent(issuer)}&sid=sid1`,
      'https://blog.example/out',
    ]);
  });

  it('shows another browser nothing of it', async () => {
    const { server, cookie } = await signedIn(['shop']);
    const answer = await ask(server, { id_token_hint: await hint(server) }, cookie);
    const stranger = { ...pageRequest(answer), headers: {} };
    expect(await server.app.get(SignOuts).signedOut(stranger)).toMatchObject({ frames: [], client: undefined });
  });

  it.each([
    [
      'an address that is not registered',
      { client_id: 'notes', post_logout_redirect_uri: 'https://notes.example/bye' },
    ],
    ['an address without a client', { post_logout_redirect_uri: bye }],
    ['a disabled client', { client_id: 'gone', post_logout_redirect_uri: bye }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a forged id_token', { id_token_hint: 'a.b.c', post_logout_redirect_uri: bye }],
  ])('leads nobody anywhere for %s (RP-Initiated Logout §3, §4)', async (_what, query: Record<string, string>) => {
    const { server, cookie, isSignedIn } = await signedIn();
    const answer = await ask(server, query, cookie);
    expect([answer.status, location(answer)]).toEqual([400, null]);
    expect(await isSignedIn()).toBe(true);
  });

  it('refuses a client_id that is not the one of the id_token (RP-Initiated Logout §2)', async () => {
    const { server, cookie } = await signedIn();
    expect((await ask(server, { id_token_hint: await hint(server), client_id: 'shop' }, cookie)).status).toBe(400);
  });

  it('leads back at once where nobody is signed in', async () => {
    const { server } = await signedIn();
    const query = { id_token_hint: await hint(server), post_logout_redirect_uri: bye };
    expect(location(await ask(server, query))).toBe(bye);
  });

  it('takes a form of another site, which comes without cookies', async () => {
    const { server, cookie, isSignedIn } = await signedIn();
    const form = { id_token_hint: await hint(server), post_logout_redirect_uri: bye, state: 's' };
    const answer = await server.post('connect/endsession', form);
    expect(location(answer)).toMatch(/^\?interaction=/);
    expect(answer.headers.getSetCookie().join()).not.toContain('tessera.session');
    const { query, headers } = pageRequest(answer, cookie);
    expect(location(await ask(server, query, headers.cookie))).toBe(`${bye}&state=s`);
    expect(await isSignedIn()).toBe(false);
  });
});
