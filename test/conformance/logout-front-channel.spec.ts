import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { parse } from 'node-html-parser';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';
import { endSession, metadataOf, RelyingParty } from './logout-relying-party.js';

const web = new RelyingParty('web');
const shop = new RelyingParty('shop');
const blog = new RelyingParty('blog');
const plain = new RelyingParty('plain');
const clients = [
  web.registered({ frontChannelLogoutUri: `${web.origin}/front` }),
  shop.registered({ frontChannelLogoutUri: `${shop.origin}/front?shop=1` }),
  blog.registered({ frontChannelLogoutUri: `${blog.origin}/front`, frontChannelLogoutSessionRequired: false }),
  plain.registered(),
];

/** The addresses that the page loads in frames. */
const framesOf = ({ html }: Shown) =>
  parse(html)
    .querySelectorAll('iframe')
    .map((frame) => new URL(frame.getAttribute('src') ?? ''));

describe('OpenID Connect Front-Channel Logout 1.0', () => {
  let server: RunningServer;
  let browser: PlainBrowser;

  beforeAll(async () => {
    const options = { clients, imports: [AccountsModule, PagesModule] };
    server = await startServer({ adapter: 'express', tls: true, options });
  });
  beforeEach(() => {
    browser = new PlainBrowser(server);
  });
  afterAll(() => server.close());

  /** Signs in at each of them, one after the other, and out at the first. */
  async function inAndOut(first: RelyingParty, ...others: RelyingParty[]) {
    const login = await first.signIn(server, browser);
    for (const other of others) await other.signIn(server, browser);
    const request = { id_token_hint: login.idToken, post_logout_redirect_uri: first.bye, state: 'state1' };
    return { login, page: await endSession(browser, request) };
  }

  describe('oidcc-frontchannel-logout-discovery-endpoint-verification', () => {
    test('the metadata says that it is supported, with the session (§3)', async () => {
      expect(await metadataOf(server)).toMatchObject({
        frontchannel_logout_supported: true,
        frontchannel_logout_session_supported: true,
      });
    });
  });

  describe('oidcc-frontchannel-rp-initiated-logout', () => {
    test('the page loads frontchannel_logout_uri with iss and the sid of the id_token, and nothing else (§2, §3)', async () => {
      const { login, page } = await inAndOut(web);
      const [frame, ...others] = framesOf(page);
      expect([`${frame?.origin}${frame?.pathname}`, others]).toEqual([`${web.origin}/front`, []]);
      expect(Object.fromEntries(frame!.searchParams)).toEqual({ iss: server.url, sid: login.claims.sid });
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('the page leads to post_logout_redirect_uri with state', async () => {
      const { page } = await inAndOut(web);
      const link = parse(page.html).querySelector('a[data-return]');
      expect([page.url.pathname, link?.getAttribute('href')]).toEqual(['/signedout', `${web.bye}?state=state1`]);
    });
  });

  describe('the clients that are told (§2)', () => {
    test('are all that the person signed in at in this session, once each, and no others', async () => {
      await blog.signIn(server, new PlainBrowser(server));
      const { page } = await inAndOut(web, shop, web, plain);
      expect(framesOf(page).map(({ origin }) => origin)).toEqual([web.origin, shop.origin]);
    });

    test('are told where a client asks that has no frontchannel_logout_uri of its own', async () => {
      const { page } = await inAndOut(plain, shop);
      expect(framesOf(page).map(({ origin }) => origin)).toEqual([shop.origin]);
    });

    test('are none where nobody registered a frontchannel_logout_uri: the browser goes straight back', async () => {
      const { page } = await inAndOut(plain);
      expect(page.url.href).toBe(`${plain.bye}?state=state1`);
    });

    test('are told as well where the person signs out here, and no client asks', async () => {
      await shop.signIn(server, browser);
      const done = await browser.submit(await browser.open('/signout'));
      expect(framesOf(done).map(({ origin }) => origin)).toEqual([shop.origin]);
      expect(parse(done.html).querySelector('a[data-return]')).toBeNull();
    });

    test('are told after a form of a client, too', async () => {
      const { idToken } = await web.signIn(server, browser);
      const body = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: web.bye });
      const page = await browser.open('/connect/endsession', { method: 'POST', body }, 'cross');
      expect(framesOf(page).map(({ origin }) => origin)).toEqual([web.origin]);
    });

    test('keep the query of their address (§2: it MAY have one)', async () => {
      const { login, page } = await inAndOut(shop);
      expect([...framesOf(page)[0]!.searchParams]).toEqual([
        ['shop', '1'],
        ['iss', server.url],
        ['sid', login.claims.sid],
      ]);
    });

    test('get neither iss nor sid where frontchannel_logout_session_required is false', async () => {
      const { page } = await inAndOut(blog);
      expect(framesOf(page).map(({ href }) => href)).toEqual([`${blog.origin}/front`]);
    });
  });

  describe('sid (§3)', () => {
    test('is the same in all id_tokens of a session, and another in the next session and in another browser', async () => {
      const [first, second] = [await web.signIn(server, browser), await shop.signIn(server, browser)];
      expect(second.claims.sid).toBe(first.claims.sid);
      await endSession(browser, { id_token_hint: first.idToken });
      const next = await web.signIn(server, browser);
      const elsewhere = await web.signIn(server, new PlainBrowser(server));
      expect(new Set([first, next, elsewhere].map(({ claims }) => claims.sid)).size).toBe(3);
    });
  });

  describe('the page', () => {
    test('lets the frames run, keep their cookies and do nothing else to it, and lets in no others', async () => {
      const { page } = await inAndOut(web, shop);
      const frames = parse(page.html).querySelectorAll('iframe');
      expect(frames.map((frame) => frame.getAttribute('sandbox'))).toEqual(
        frames.map(() => 'allow-same-origin allow-scripts'),
      );
      const policy = page.headers.get('content-security-policy')?.split('; ');
      expect(policy).toContain(`frame-src ${web.origin} ${shop.origin}`);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(page.headers.get('cache-control')).toBe('no-store');
    });

    test('shows another browser neither the frames nor the way back', async () => {
      const { page } = await inAndOut(web);
      const theirs = await new PlainBrowser(server).open(page.url);
      expect([theirs.status, framesOf(theirs), theirs.html.includes(web.origin)]).toEqual([200, [], false]);
    });

    test('leads back once every frame has loaded, and after three seconds in any case (RP-Initiated Logout §3)', async () => {
      const { page } = await inAndOut(web, shop);
      const { src } = parse(page.html).querySelector('script')!.attributes;
      const opened = await openWith((await browser.open(src!)).html, 2);
      expect(opened.went).toEqual([]);
      opened.frameLoads();
      expect(opened.went).toEqual([]);
      opened.frameLoads();
      expect(opened.went).toEqual([web.bye]);

      const slow = await openWith((await browser.open(src!)).html, 2);
      slow.frameLoads();
      expect(slow.timers.map(({ milliseconds }) => milliseconds)).toEqual([3000]);
      slow.timers[0]!.run();
      expect(slow.went).toEqual([web.bye]);
    });
  });
});

/** Runs the script of the page in the window of a browser that has read the page, with so many frames still to load. */
async function openWith(script: string, frames: number) {
  class HTMLIFrameElement {}
  const listeners = new Map<string, (event: object) => void>();
  const went: string[] = [];
  const timers: { run: () => void; milliseconds: number }[] = [];
  runInNewContext(script, {
    HTMLIFrameElement,
    document: {
      readyState: 'interactive',
      addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
      querySelectorAll: () => Array.from({ length: frames }, () => new HTMLIFrameElement()),
      querySelector: () => ({ href: web.bye }),
    },
    setTimeout: (run: () => void, milliseconds: number) => timers.push({ run, milliseconds }),
    window: { location: { replace: (address: string) => went.push(address) } },
  });
  listeners.get('DOMContentLoaded')!({});
  return { went, timers, frameLoads: () => listeners.get('load')!({ target: new HTMLIFrameElement() }) };
}
