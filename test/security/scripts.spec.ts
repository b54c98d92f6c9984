import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule, hashPassword } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { ApiResource, ApiScope, IdentityResource, IdentityResources, User } from '@tessera/token-server';
import { type HTMLElement, parse } from 'node-html-parser';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';
import { authorizeAddress, enterCode, redirectUri, startForPeople, webClient } from './people.fixture.js';

// Text of somebody else, wherever it comes from, stays text: a page has the same elements with it as with a harmless word.

const harmless = 'word';
const payloads: readonly string[] = [
  '"><script>alert(1)</script>',
  `'-alert(1)-'`,
  '" onmouseover=alert(1) autofocus onfocus="alert(2)',
  `' style='x' onclick='alert(1)`,
  '</title></style></noscript></textarea><svg/onload=alert(1)>',
  '<img src=x onerror=alert(1)>',
  '<!--<script>alert(1)//',
  '{{7*191}}{{"x"|append:"337"}}{% include "error" %}{% raw %}',
  '&#34;&#62;&lt;script&gt;alert(1)&lt;/script&gt;&quot;',
  'javascript:alert(1)//',
  '\u2028\u2029</p><b>1',
  '\0"\0><b\0>',
  '\r\n\r\n<a href=javascript:alert(1)>x</a>',
  '＜script＞\u202e{client}<0></0>',
];

/** Several in one text: each still has to be stopped, and there are fewer pages to look at. None is longer than a `login_hint` may be. */
const texts = [payloads.slice(0, 5), payloads.slice(5, 9), payloads.slice(9)].map((some) => some.join(' '));

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const passwordHash = await hashPassword('x');

/** A client, a scope of each kind, an API and a person, all of whose texts are the same. */
const named = (index: number, text: string) => ({
  client: webClient(`client_${index}`, {
    allowedGrantTypes: ['authorization_code', device],
    clientName: text,
    description: text,
    // What is left of the text once it has to be an address.
    clientUri: `https://app.example.com/?'onclick='alert(1)&${encodeURIComponent(text)}`,
    policyUri: `https://app.example.com/"onclick="alert(1)`.replaceAll('"', "'"),
    tosUri: 'https://app.example.com/terms',
    requireConsent: true,
    allowOfflineAccess: true,
    postLogoutRedirectUris: ['https://app.example.com/bye'],
    allowedScopes: ['openid', 'profile', `about_${index}`, `api_${index}`],
  }),
  identity: new IdentityResource(`about_${index}`, [`claim${index}`], { displayName: text, description: text }),
  scope: new ApiScope(`api_${index}`, text, { description: text, emphasize: true }),
  api: new ApiResource(`resource_${index}`, text, { scopes: [`api_${index}`] }),
  user: new User({
    subject: `subject-${index}`,
    // A user name has none of these.
    username: `${text.replaceAll(/\p{Cc}/gu, '')} ${index}`,
    passwordHash,
    claims: { name: text, [`claim${index}`]: text },
  }),
});
const all = [harmless, ...texts].map((text, index) => named(index, text));

/** Clients whose id and scope are themselves as bad as the rules for names let them be. */
const badId = `"><script>alert('id')</script>`;
const badScope = `'><script>alert('scope')</script>`;
const badlyNamed = [
  webClient(badId, { requireConsent: true, allowedScopes: ['openid', badScope] }),
  webClient('wordy', { requireConsent: true, allowedScopes: ['openid', 'wordy_scope'] }),
];

let server: RunningServer;

beforeAll(async () => {
  const demo = {
    users: texts.map((text) => ({ username: text, password: text, name: text })),
    clients: texts.map((text) => ({ clientId: text, name: text, description: text, url: text })),
  };
  server = await startForPeople([], {
    options: {
      imports: [AccountsModule, PagesModule.forRoot({ demo, name: '"><script>alert(1)</script>' })],
      clients: [...all.map(({ client }) => client), ...badlyNamed],
      identityResources: [
        IdentityResources.openId(),
        IdentityResources.profile(),
        ...all.map(({ identity }) => identity),
      ],
      apiScopes: [...all.map(({ scope }) => scope), new ApiScope(badScope), new ApiScope('wordy_scope')],
      apiResources: [...all.map(({ api }) => api), new ApiResource('r', 'r', { scopes: [badScope, 'wordy_scope'] })],
      users: [...all.map(({ user }) => user), new User({ subject: 'nameless', username: 'nameless', passwordHash })],
    },
  });
});
afterAll(() => server.close());

/** The elements of a page with the names of their attributes. */
function skeletonOf({ html }: Pick<Shown, 'html'>): string {
  return elementsOf(html)
    .map((element) => `${element.tagName} ${Object.keys(element.attributes).toSorted().join(' ')}`)
    .join('\n');
}

function elementsOf(html: string): HTMLElement[] {
  return parse(html, { comment: true }).querySelectorAll('*');
}

/** No script but ours, no handler, no address that runs one; and the text is nowhere as it was sent. */
function expectHarmless({ html, headers }: Pick<Shown, 'html' | 'headers'>, sent: readonly string[] = payloads): void {
  expect(headers.get('content-security-policy')).not.toMatch(/unsafe-|script-src [^;]*(?:\*|https:|data:)/);
  expect(elementsOf(html).filter(isHarmful).map(String)).toEqual([]);
  expect(sent.filter((text) => /[<>"'&]/.test(text) && html.includes(text))).toEqual([]);
  expect(html).not.toContain('1337');
}

const handlers = /^on|^style$|^srcdoc$/i;
const addresses = /^(?:href|src|action|formaction|data|content)$/i;

function isHarmful(element: HTMLElement): boolean {
  if (element.tagName === 'SCRIPT' && !isOurs(element)) return true;
  return Object.entries(element.attributes).some(
    ([name, value]) => handlers.test(name) || (addresses.test(name) && runsScript(value)),
  );
}

function runsScript(address: string): boolean {
  // What a browser leaves out before it reads the scheme.
  // eslint-disable-next-line no-control-regex
  return /^(?:javascript|data|vbscript):/i.test(address.replace(/[\u0000-\u0020]/g, ''));
}

function isOurs(script: HTMLElement): boolean {
  return (
    script.getAttribute('src')?.startsWith('/assets/') === true || script.textContent === 'document.forms[0].submit()'
  );
}

/** A page that answers every payload as it does a harmless word. */
async function expectSameAsHarmless(where: string, open: (text: string) => Promise<Shown>): Promise<void> {
  const measure = await open(harmless);
  const skeleton = skeletonOf(measure);
  for (const text of texts) {
    const shown = await open(text);
    const at = `${where} ${JSON.stringify(text)}`;
    expect([at, shown.status]).toEqual([at, measure.status]);
    expect(`${at}\n${skeletonOf(shown)}`).toBe(`${at}\n${skeleton}`);
    expectHarmless(shown);
  }
}

const signIn = async (username: string, headers?: Record<string, string>) => {
  const browser = new PlainBrowser(server, headers);
  const shown = await browser.submit(await browser.open('/signin'), { username, password: 'x' });
  expect(shown.url.pathname).toBe('/');
  return browser;
};

describe('Script in what is sent', () => {
  let somebody: PlainBrowser;
  let stranger: PlainBrowser;
  beforeAll(async () => {
    somebody = await signIn('nameless');
    stranger = new PlainBrowser(server);
  });
  const query = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString();
  const request = { client_id: 'client_0', scope: 'openid' };

  test.each([
    ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'nonce', 'display', 'prompt', 'max_age', 'ui_locales', 'id_token_hint'],
    ...['login_hint', 'acr_values', 'claims', 'resource', 'code_challenge', 'code_challenge_method', 'request', 'request_uri', 'registration', 'unknown'],
  ])('to the authorize endpoint, answered as a page or as a form: %s', async (name) => {
    const sent = (text: string, more = {}) => authorizeAddress({ ...request, ...more, [name]: text });
    const asForm = { response_mode: 'form_post', prompt: 'none' };
    await expectSameAsHarmless(`${name}, a page`, (text) => stranger.open(sent(text, { response_mode: 'form_post' })));
    await expectSameAsHarmless(`${name}, a form`, (text) => somebody.open(sent(text, asForm)));
  }); // prettier-ignore

  test('in the name of a parameter, and in a header', async () => {
    await expectSameAsHarmless('a name', (text) =>
      stranger.open(`${authorizeAddress({ client_id: 'x' })}&${query({ [text]: 'x' })}`),
    );
    await expectSameAsHarmless('a name, twice', (text) =>
      somebody.open(
        `${authorizeAddress({ ...request, response_mode: 'form_post' })}&${query({ [text]: 'x' })}&${query({ [text]: 'x' })}`,
      ),
    );
    for (const name of ['accept-language', 'x-request-id', 'x-forwarded-host', 'referer', 'user-agent']) {
      const inHeader = (text: string) => ({ headers: { [name]: text.replace(/[^\x20-\x7e]/g, '') } });
      await expectSameAsHarmless(name, (text) => stranger.open('/signin', inHeader(text)));
    }
  });

  test.each([
    'client_id',
    'post_logout_redirect_uri',
    'state',
    'id_token_hint',
    'logout_hint',
    'ui_locales',
    'interaction',
  ])('to the end of a session: %s', async (name) => {
    const bye = { client_id: 'client_0', post_logout_redirect_uri: 'https://app.example.com/bye' };
    await expectSameAsHarmless(name, (text) => somebody.open(`/connect/endsession?${query({ ...bye, [name]: text })}`));
  });

  const addressed = [
    '',
    'signin',
    'account',
    'consent',
    'device',
    'device/confirm',
    'device/done',
    'signout',
    'signedout',
    'applications',
    'connect/authorize/resume',
  ];
  const inAddress = [
    (text: string) => ({ interaction: text, client_id: text }),
    (text: string) => ({
      client_id: text,
      return: text,
      result: text,
      done: text,
      ui_locales: text,
      error: text,
      error_description: text,
    }),
    (text: string) => ({ return: 'device', user_code: text, username: text, login_hint: text }),
  ];
  test.each(addressed)('in the address of a page: /%s', async (path) => {
    for (const parameters of inAddress) {
      for (const browser of [stranger, somebody]) {
        await expectSameAsHarmless(`/${path}`, (text) => browser.open(`/${path}?${query(parameters(text))}`));
      }
    }
  });

  test.each<[string, () => Promise<Shown>, string[]]>([
    ['sign-in', () => stranger.open('/signin'), ['csrf', 'return', 'user_code', 'rememberMe', 'action', 'interaction']],
    ['sign-in for a client', () => stranger.open(authorizeAddress(request)), ['csrf', 'rememberMe', 'interaction']],
    ['account', () => somebody.open(authorizeAddress({ ...request, prompt: 'select_account' })), ['csrf', 'account', 'interaction']],
    ['consent', () => somebody.open(authorizeAddress({ ...request, prompt: 'consent' })), ['csrf', 'account', 'decision', 'scope', 'interaction']],
    ['device', () => somebody.open('/device'), ['csrf', 'account', 'user_code']],
    ['sign-out', () => somebody.open('/signout'), ['csrf']],
    ['applications', () => somebody.open('/applications'), ['csrf', 'account']],
  ])('in a form: %s', async (path, open, names) => {
    for (const name of names) {
      const page = await open();
      const own = formOf({ ...page, html: page.html.includes('<form') ? page.html : '<form></form>' });
      const send = (text: string) => {
        const body = new URLSearchParams(own.body);
        body.set(name, text);
        if (path.startsWith('sign-in')) body.set('username', text);
        return (path.startsWith('sign-in') ? stranger : somebody).open(own.action, { method: 'POST', body });
      };
      await expectSameAsHarmless(`${path}: ${name}`, send);
    }
  }); // prettier-ignore

  test('as a user name that nobody has', async () => {
    const page = await stranger.open(authorizeAddress(request));
    await expectSameAsHarmless('username', (username) => stranger.submit(page, { username, password: 'wrong' }));
  });
});

describe('Script in what is kept', () => {
  /** All pages that show a client, its scopes and a person, in the course of one visit. */
  async function visit(index: number): Promise<readonly (readonly [string, Shown])[]> {
    const { client, user } = all[index]!;
    const { clientId } = client;
    const address = (more = {}) =>
      authorizeAddress({
        client_id: clientId,
        scope: `openid profile about_${index} api_${index} offline_access`,
        ...more,
      });
    const shown: [string, Shown][] = [];
    const see = (name: string, page: Shown) => (shown.push([name, page]), page);
    const browser = new PlainBrowser(server, {
      'user-agent': [harmless, ...texts][index]!.replace(/[^\x20-\x7e]/g, '?'),
    });

    const page = see(
      'sign-in',
      await browser.open(address({ claims: JSON.stringify({ userinfo: { [`claim${index}`]: null } }) })),
    );
    const consent = see('consent', await browser.submit(page, { username: user.username, password: 'x' }));
    expect(consent.url.pathname).toBe('/consent');
    see('consent, nothing chosen', await browser.submit(consent, { decision: '' }));
    expect((await browser.submit(consent, { decision: 'allow', remember: 'yes' })).url.href).toMatch(
      `${redirectUri}?code=`,
    );
    see('account', await browser.open(address({ prompt: 'select_account' })));
    see('start page', await browser.open('/'));
    see('applications', await browser.open('/applications'));
    const { body } = await server.form(
      'connect/deviceauthorization',
      { scope: `openid about_${index} api_${index}` },
      basic(clientId),
    );
    see('device', await enterCode(browser, body.user_code));
    see('device code', await browser.open('/device'));
    see('lost', await browser.open(`/signin?interaction=x&client_id=${clientId}`));
    see('error', await browser.open(authorizeAddress({ client_id: clientId, redirect_uri: 'https://evil.example/' })));
    const out = see('sign-out', await browser.open(`/connect/endsession?client_id=${clientId}`));
    see('signed out', await browser.submit(out));
    see('passwords off', await browser.open(address({ prompt: 'login' })));
    return shown;
  }

  let measure: ReadonlyMap<string, Shown>;
  beforeAll(async () => void (measure = new Map(await visit(0))));

  test.each(texts.map((text, index) => [JSON.stringify(text), index + 1] as const))(
    'of a client, its scopes, an API and a person stays text on every page: %s',
    async (_text, index) => {
      for (const [name, page] of await visit(index)) {
        const expected = measure.get(name)!;
        expect([name, page.status, skeletonOf(page)]).toEqual([name, expected.status, skeletonOf(expected)]);
        expectHarmless(page);
      }
    },
  );

  test('as the id of a client and the name of a scope, which are shown where there are no better words', async () => {
    const see = async (client_id: string, scope: string) => {
      const browser = new PlainBrowser(server);
      const page = await browser.open(authorizeAddress({ client_id, scope: `openid ${scope}` }));
      const consent = await browser.submit(page, { username: 'nameless', password: 'x' });
      expect(consent.url.pathname).toBe('/consent');
      return [
        page,
        consent,
        await browser.open(`/connect/endsession?${new URLSearchParams({ client_id }).toString()}`),
      ];
    };
    const [expected, found] = [await see('wordy', 'wordy_scope'), await see(badId, badScope)];
    expect(found.map(skeletonOf)).toEqual(expected.map(skeletonOf));
    for (const page of found) expectHarmless(page, [badId, badScope]);
  });

  test('as demo data and as the name of the product', async () => {
    const page = await new PlainBrowser(server).open('/');
    expectHarmless(page);
    // An address of a client that is none has become no link.
    expect(parse(page.html).querySelectorAll('a.strong')).toEqual([]);
  });
});
