import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'node-html-parser';
import { PlainBrowser } from '../plain-browser.js';
import type { RunningServer } from '../running-server.js';
import {
  answerOf,
  authorizeAddress,
  authorizeParameters,
  redeem,
  redirectUri,
  signedIn,
  silently,
  startForPeople,
  webClient,
} from './people.fixture.js';

// Somebody is signed in all the while, and every other parameter is right: each address that were let through would get a code.

const bye = 'https://app.example.com/bye';
const loopback = ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb'];
const clients = [
  webClient('web', { redirectUris: [redirectUri, 'https://app.example.com/with?x=1'], postLogoutRedirectUris: [bye] }),
  webClient('other', {
    redirectUris: ['https://other.example/cb'],
    postLogoutRedirectUris: ['https://other.example/bye'],
  }),
  webClient('native', { redirectUris: loopback, clientSecrets: [], requireClientSecret: false }),
];

let server: RunningServer;
let browser: PlainBrowser;

beforeAll(async () => {
  server = await startForPeople(clients);
  browser = await signedIn(server);
});
afterAll(() => server.close());

/** Ways to make an address look like the registered one, to one reader or another. */
const forged = (registered: string): string[] => {
  const { host, pathname } = new URL(registered);
  const name = pathname.slice(1);
  return [
    ...['/evil', '/', '/.', '/..', '/../evil', '/../../evil', '/..%2fevil', '/%2e%2e/evil', '/%252e%252e/evil', '%2fevil'],
    ...['.', '%20', ' ', '\t', '\n', '\r\n', '\r\nSet-Cookie: a=b', '\0', '%00', '%0d%0aX: y', '\u2028', '\u200b', ';', '\\'],
    ...['?', '?x=1', '?code=stolen', '&x=1', '#', '#x', '#@evil.example', '%23', '%3f', '*', ',https://evil.example/', '/*'],
  ].map((end) => `${registered}${end}`).concat([
    ...['https://evil.example/', '//evil.example/', '/', `/${name}`, name, '', '*', 'null', 'about:blank'],
    ...[`https://${host}@evil.example/${name}`, `https://evil.example@${host}/${name}`, `https://user:pw@${host}/${name}`],
    ...[`https://${host}%40evil.example/${name}`, `https://${host}\\@evil.example/${name}`, `https://evil.example\\@${host}/${name}`],
    ...[`https://${host}.evil.example/${name}`, `https://evil.example/${name}?${host}`, `https://evil.example#${registered}`],
    ...[`https://evil.example?${registered}`, `https://evil.example/${registered}`, `https://evil.${host}/${name}`],
    ...[`https://*.example.com/${name}`, `https://x.${host}/${name}`, `https://example.com/${name}`, `https://${host}.evil/${name}`],
    ...[`https://${host}:443/${name}`, `https://${host}:444/${name}`, `https://${host}:/${name}`, `https://${host}:0443/${name}`],
    ...[`https://${host}:443@evil.example/${name}`, `https://${host}./${name}`, `https://${host}//${name}`, `https://${host}/./${name}`],
    ...[`https://${host}/x/../${name}`, `https://${host}/${name.toUpperCase()}`, `https://${host.toUpperCase()}/${name}`],
    ...[`HTTPS://${host}/${name}`, `http://${host}/${name}`, `https:/${host}/${name}`, `https:${host}/${name}`, `//${host}/${name}`],
    ...[`https:\\\\${host}\\${name}`, `https:///${host}/${name}`, `https://${host}\\${name}`, `https://${host}/%${name.charCodeAt(0).toString(16)}${name.slice(1)}`],
    ...[`https://${host.replace('a', '%61')}/${name}`, `https://${host.replaceAll('.', '。')}/${name}`, `https://${host.replace('a', 'а')}/${name}`],
    ...[`https://${host.replace('p', '\u00ad')}/${name}`, `https://xn--pp-7ka.example.com/${name}`, `https://ａpp.example.com/${name}`, 'https://[::1]/', 'https://2130706433/'],
    ...[` ${registered}`, `\t${registered}`, `\n${registered}`, `\u00a0${registered}`, `${registered} ${registered}`, `ht\ntps://${host}/${name}`],
    ...['javascript:alert(1)', `javascript://${host}/${name}%0aalert(1)`, 'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'file:///etc/passwd'],
    ...['blob:https://app.example.com/x', 'view-source:https://app.example.com', 'intent://evil.example#Intent;end', 'com.evil.app:/cb', `ftp://${host}/${name}`, `ws://${host}/${name}`],
    ...['http://127.0.0.1/cb', 'http://localhost/cb', 'urn:ietf:wg:oauth:2.0:oob', `${registered}${'a'.repeat(1500)}`],
  ]);
}; // prettier-ignore

/** Everything in a page that a browser goes to, or a person can be made to. */
function targetsOf(html: string): string[] {
  const attributes = ['href', 'src', 'action', 'formaction', 'content', 'data-return', 'srcdoc'];
  return parse(html)
    .querySelectorAll('*')
    .flatMap((element) => attributes.map((name) => element.getAttribute(name)))
    .filter((value) => value !== undefined);
}

/** An error page of ours, which leads nowhere but to this server and to the start page of the client. */
async function expectStopped(response: Response, sent: string): Promise<void> {
  const html = await response.text();
  expect([sent, response.status, response.headers.get('location')]).toEqual([sent, 400, null]);
  expect(response.headers.get('content-security-policy')).toContain("form-action 'self';");
  const targets = targetsOf(html);
  expect(targets.length).toBeGreaterThan(3);
  for (const target of targets.filter((value) => /[:/]/.test(value))) {
    expect([server.url, 'https://app.example.com/']).toContain(target.startsWith('/') ? server.url : target);
    expect(target).not.toMatch(/^\/[/\\]/);
  }
  expect(html).not.toMatch(/[?&]code=(?!stolen)/);
}

const ways = [
  ['GET', (parameters: URLSearchParams) => browser.fetch(`/connect/authorize?${parameters.toString()}`)],
  ['POST', (body: URLSearchParams) => browser.fetch('/connect/authorize', { method: 'POST', body })],
] as const;

describe.each(ways)('An authorize request by %s', (_method, send) => {
  const sendWith = (difference: Record<string, string | undefined>) =>
    send(new URLSearchParams(authorizeParameters(difference)));

  test('gets its code at the registered address, as a measure for all that follows', async () => {
    const response = await sendWith({});
    expect(response.headers.get('location')).toMatch(`${redirectUri}?code=`);
  });

  test('never leaves for an address that is not registered, however it is written', async () => {
    for (const uri of forged(redirectUri)) await expectStopped(await sendWith({ redirect_uri: uri }), uri);
  });

  test('never leaves for one with an error either: prompt=none, an unknown response_type', async () => {
    const uris = forged(redirectUri).filter((_uri, index) => index % 5 === 0);
    for (const uri of uris) {
      await expectStopped(await sendWith({ redirect_uri: uri, prompt: 'none' }), uri);
      await expectStopped(
        await sendWith({ redirect_uri: uri, response_type: 'unknown', response_mode: 'form_post' }),
        uri,
      );
    }
  });

  test('never leaves for the address of another client', async () => {
    await expectStopped(await sendWith({ redirect_uri: 'https://other.example/cb' }), 'the address of another');
    await expectStopped(await sendWith({ redirect_uri: 'com.example.app:/cb' }), 'the address of another');
  });

  test('never leaves for a second address: redirect_uri and client_id are sent once', async () => {
    for (const [name, value] of [
      ['redirect_uri', 'https://evil.example/'],
      ['redirect_uri', redirectUri],
      ['client_id', 'other'],
      ['client_id', 'web'],
    ] as const) {
      for (const isFirst of [true, false]) {
        const right = Object.entries(authorizeParameters());
        const pairs = isFirst ? [[name, value], ...right] : [...right, [name, value]];
        await expectStopped(await send(new URLSearchParams(pairs as [string, string][])), `${name} twice`);
      }
    }
  });
});

describe('A native application (RFC 8252 §7.3)', () => {
  const sendTo = (redirect_uri: string) => browser.fetch(authorizeAddress({ client_id: 'native', redirect_uri }));

  test.each([
    'http://127.0.0.1/cb',
    'http://127.0.0.1:1/cb',
    'http://127.0.0.1:51004/cb',
    'http://127.0.0.1:65535/cb',
    'http://[::1]:51004/cb',
    'com.example.app:/cb',
  ])('is answered at %s', async (uri) => {
    // Another program could listen there, so the person is asked each time (RFC 8252 §8.6).
    const page = await browser.open(authorizeAddress({ client_id: 'native', redirect_uri: uri }));
    expect(page.url.pathname).toBe('/consent');
    const { url } = await browser.submit(page, { decision: 'allow' });
    expect(url.href.startsWith(`${uri}?code=`)).toBe(true);
  });

  test('is answered at no other host, port or path that looks like the loopback address', async () => {
    for (const uri of [
      ...['localhost', 'localhost.evil.example', '127.0.0.1.evil.example', '127.0.0.2', '127.1', '2130706433', '0x7f.0.0.1'],
      ...['0177.0.0.1', '0.0.0.0', '[::]', '[::ffff:127.0.0.1]', '[0:0:0:0:0:0:0:1]', '127.0.0.1.', '127.0.0.1@evil.example'],
      ...['evil.example\\@127.0.0.1', '127.0.0.1\\.evil.example', '127.0.0.1:1@evil.example', '127.0.0.1:80.evil.example'],
      ...['127.0.0.1%2eevil.example', '127.0.0.1:', '127.0.0.1:123456', '127.0.0.1:99999', '127.0.0.1:65536', '127.0.0.1:-1', '127.0.0.1:1e3'],
      ...['127.0.0.1:80:80', '[::1].evil.example', '[::1]:99999', '[::1%25eth0]', '①27.0.0.1', '127。0。0。1'],
    ].map((host) => `http://${host}/cb`).concat([
      ...['https://127.0.0.1:51004/cb', 'ws://127.0.0.1:51004/cb', 'http://127.0.0.1:51004/', 'http://127.0.0.1:51004/cb/'],
      ...['http://127.0.0.1:51004/cb?x=1', 'http://127.0.0.1:51004/cb#x', 'http://127.0.0.1:51004/CB', 'http://127.0.0.1:51004/../cb'],
      ...['http://127.0.0.1:51004/cb\n', 'http://127.0.0.1:51004//cb', 'http:/127.0.0.1:51004/cb', 'HTTP://127.0.0.1:51004/cb'],
      ...['com.example.app://cb', 'com.example.app:/cb/', 'com.example.app:cb', 'COM.EXAMPLE.APP:/cb', 'com.example.app.evil:/cb'],
    ])) {
      const response = await sendTo(uri);
      expect([uri, response.status, response.headers.get('location')]).toEqual([uri, 400, null]);
    } // prettier-ignore
  });

  test('with the loopback address of a web application: the port is free for those registered there alone', async () => {
    const response = await browser.fetch(authorizeAddress({ redirect_uri: 'http://127.0.0.1:51004/cb' }));
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });
});

describe('A sign-out', () => {
  let hint: string;
  beforeAll(async () => {
    const { code } = answerOf(await browser.open(authorizeAddress()));
    hint = (await redeem(server, code)).body.id_token;
  });

  test.each([
    ['GET', 'client_id'],
    ['POST', 'id_token_hint'],
  ])('by %s never leaves for an address that is not registered, and ends nothing, with %s', async (method, name) => {
    for (const uri of [...forged(bye), 'https://other.example/bye', redirectUri].filter((sent) => sent !== '')) {
      const parameters = new URLSearchParams({
        [name]: name === 'client_id' ? 'web' : hint,
        post_logout_redirect_uri: uri,
        state: 'a state',
      });
      const address = '/connect/endsession';
      const response =
        method === 'GET'
          ? await browser.fetch(`${address}?${parameters.toString()}`)
          : await browser.fetch(address, { method, body: parameters });
      await expectStopped(response, uri);
    }
    expect((await silently(browser)).code).toBeDefined();
  });

  test('never leaves for an address that nobody answers for: without client_id and id_token_hint', async () => {
    const response = await browser.fetch(
      `/connect/endsession?${new URLSearchParams({ post_logout_redirect_uri: bye }).toString()}`,
    );
    await expectStopped(response, bye);
  });
});

describe('After a sign-in without an application', () => {
  test('nobody is led out of a request: `return` names a page and is no address', async () => {
    const wishes = [
      ...['https://evil.example/', '//evil.example/', '/\\evil.example/', '\\\\evil.example', 'javascript:alert(1)'],
      ...[
        'applications@evil.example',
        'applications/../../evil',
        'device?user_code=1',
        'Device',
        '__proto__',
        'constructor',
      ],
    ];
    for (const wish of wishes) {
      for (const name of ['return', 'return_url', 'returnUrl', 'redirect_uri', 'next', 'continue']) {
        const answer = await browser.fetch(`/signin?${new URLSearchParams({ [name]: wish }).toString()}`);
        expect([name, wish, answer.headers.get('location')]).toEqual([name, wish, '/']);
      }
      const stranger = new PlainBrowser(server);
      const page = await stranger.open(`/signin?${new URLSearchParams({ return: wish }).toString()}`);
      expect((await stranger.signIn(page)).url.href).toBe(`${server.url}/`);
    }
  });

  test('a user code leads no further than to the page that asks for it', async () => {
    for (const code of [
      '//evil.example',
      '"&return=https://evil.example',
      '\r\nLocation: https://evil.example',
      '#',
      '../..',
    ]) {
      const query = new URLSearchParams({ return: 'device', user_code: code }).toString();
      const shown = await browser.open(`/signin?${query}`);
      expect([shown.url.origin, shown.url.pathname]).toEqual([server.url, '/device']);
      expect(shown.url.searchParams.get('user_code')).toBe(code);
    }
  });
});

describe('Addresses of this server', () => {
  test('are made from the issuer, whatever a request says of its host (host header poisoning)', async () => {
    const said = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-original-host': 'evil.example',
      forwarded: 'host=evil.example;proto=http',
    };
    const stranger = await server.fetch(`${server.url}${authorizeAddress()}`, { redirect: 'manual', headers: said });
    expect(stranger.headers.get('location')).toMatch(`${server.url}/signin?`);
    const discovery = await server.send('.well-known/openid-configuration', { headers: said });
    expect(JSON.stringify(discovery.body)).not.toContain('evil.example');
  });

  test('have no path that a router turns into an address of somebody else', async () => {
    for (const path of [
      '//evil.example/%2e%2e',
      '/%5cevil.example/',
      '//evil.example',
      '/%2f%2fevil.example/..',
      '/signin//evil.example',
      '/connect/authorize//evil.example/',
    ]) {
      const response = await browser.fetch(`${server.url}${path}`);
      const location = response.headers.get('location');
      expect([path, location]).toEqual([path, null]);
    }
  });
});
