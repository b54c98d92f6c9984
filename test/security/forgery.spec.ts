import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'node-html-parser';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';
import {
  authorizeAddress,
  enterCode,
  redeem,
  signedIn,
  silently,
  startForPeople,
  webClient,
} from './people.fixture.js';

// Forms that somebody else sends with the browser of a person: whatever they hold, nothing comes of them (RFC 6749 §10.12).

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const asking = { client_id: 'asking' };
const clients = [
  webClient('web', {
    allowedGrantTypes: ['authorization_code', device],
    postLogoutRedirectUris: ['https://app.example.com/bye'],
  }),
  webClient('asking', { requireConsent: true }),
  webClient('allowed', { requireConsent: true, clientName: 'Allowed' }),
];

let server: RunningServer;
let person: PlainBrowser;
/** The attacker has an account, and knows all that the server shows to everybody. */
let attacker: PlainBrowser;
let csrfOfAttacker: string;

beforeAll(async () => {
  server = await startForPeople(clients);
  attacker = await signedIn(server, 'bob');
  csrfOfAttacker = formOf(await attacker.open('/signout')).body.get('csrf')!;
});
beforeEach(async () => void (person = await signedIn(server, 'alice')));
afterAll(() => server.close());

/** A form as the person would send it. */
interface Wish {
  readonly action: URL;
  readonly body: URLSearchParams;
  /** Whether something came of it. */
  readonly happened: () => Promise<boolean>;
}

function wishOf(
  page: Shown,
  fields: Readonly<Record<string, string>>,
  happened: Wish['happened'],
  holding = 'csrf',
): Wish {
  const forms = parse(page.html).querySelectorAll('form');
  const index = forms.findIndex((form) => form.querySelector(`input[name=${holding}]`));
  const { action, body } = formOf(page, index);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  return { action, body, happened };
}

const isSignedIn = async (browser: PlainBrowser) => (await silently(browser)).code !== undefined;

const wishes: Readonly<Record<string, () => Promise<Wish>>> = {
  'to sign in as the attacker (login CSRF)': async () => {
    person = new PlainBrowser(server);
    const page = await person.open(authorizeAddress());
    return wishOf(page, { username: 'bob', password: 'bob' }, () => isSignedIn(person));
  },
  'to sign in as the attacker, for no application': async () => {
    person = new PlainBrowser(server);
    return wishOf(await person.open('/signin'), { username: 'bob', password: 'bob' }, () => isSignedIn(person));
  },
  'to become the attacker in a session that lasts': async () => {
    const happened = async () => (await person.open('/')).text.includes('Bob');
    return wishOf(await person.open(authorizeAddress({ prompt: 'login' })), { username: 'bob', password: 'bob' }, happened);
  },
  'to agree to what a client asks for (consent CSRF)': async () => {
    const page = await person.open(authorizeAddress({ ...asking, prompt: 'consent' }));
    const resume = `/connect/authorize/resume${page.url.search}`;
    return wishOf(page, { decision: 'allow' }, async () => (await person.open(resume)).url.pathname !== '/consent');
  },
  'to go on with an account': async () => {
    const page = await person.open(authorizeAddress({ prompt: 'select_account' }));
    const resume = `/connect/authorize/resume${page.url.search}`;
    const happened = async () => (await person.open(resume)).url.pathname !== '/account';
    return wishOf(page, { action: 'continue' }, happened);
  },
  'to refuse for the person': async () => {
    const page = await person.open(authorizeAddress({ ...asking, prompt: 'consent' }));
    const resume = `/connect/authorize/resume${page.url.search}`;
    return wishOf(page, { decision: 'deny' }, async () => (await person.open(resume)).url.pathname !== '/consent');
  },
  'to let a device of the attacker in': async () => {
    const { body } = await server.form('connect/deviceauthorization', { scope: 'openid' }, basic('web'));
    const page = await enterCode(person, body.user_code);
    const happened = async () => !(await person.open(page.url)).html.includes('name="decision"');
    return wishOf(page, { decision: 'allow' }, happened);
  },
  'to sign the person out (sign-out CSRF)': async () =>
    wishOf(await person.open('/signout'), {}, async () => !(await isSignedIn(person))),
  'to sign the person out for a client': async () =>
    wishOf(await person.open('/connect/endsession?client_id=web'), {}, async () => !(await isSignedIn(person))),
  'to take back what a client was allowed': async () => {
    const request = { client_id: 'allowed' };
    const consent = await person.open(authorizeAddress({ ...request, prompt: 'consent' }));
    await person.submit(consent, { decision: 'allow', remember: 'yes' });
    const happened = async () => (await silently(person, request)).code === undefined;
    expect(await happened()).toBe(false);
    return wishOf(await person.open('/applications'), { client_id: 'allowed' }, happened, 'client_id');
  },
  'to sign the person out elsewhere': async () => {
    const elsewhere = await signedIn(server, 'alice');
    const { code } = await silently(elsewhere);
    const { id_token } = (await redeem(server, code)).body;
    const { sid } = JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url').toString());
    const page = await person.open('/applications');
    return wishOf(page, { session_id: sid }, async () => !(await isSignedIn(elsewhere)), 'session_id');
  },
}; // prettier-ignore

const evil = { origin: 'https://evil.example', referer: 'https://evil.example/' };
const changed = (body: URLSearchParams, fields: Readonly<Record<string, string | undefined>>) => {
  const form = new URLSearchParams(body);
  Object.entries(fields).forEach(([name, value]) => (value === undefined ? form.delete(name) : form.set(name, value)));
  return form;
};

/** Everything that a page of the attacker can make the browser do; `csrf` is right only where the browser itself says whose form it is. */
const attacks: Readonly<Record<string, (wish: Wish) => Promise<Response>>> = {
  'from another site, without cookies (SameSite)': ({ action, body }) =>
    person.fetch(action, { method: 'POST', body: changed(body, { csrf: csrfOfAttacker }), headers: { ...evil, 'sec-fetch-site': 'cross-site' } }, 'cross'),
  'with the token of the browser of the attacker': ({ action, body }) =>
    person.fetch(action, { method: 'POST', body: changed(body, { csrf: csrfOfAttacker }) }),
  'without a token': ({ action, body }) => person.fetch(action, { method: 'POST', body: changed(body, { csrf: undefined }) }),
  'with an empty token': ({ action, body }) => person.fetch(action, { method: 'POST', body: changed(body, { csrf: '' }) }),
  'with two tokens': ({ action, body }) =>
    person.fetch(action, { method: 'POST', body: new URLSearchParams([...body, ['csrf', csrfOfAttacker]]) }),
  'with the token in the address alone': ({ action, body }) => {
    const address = new URL(action);
    address.searchParams.set('csrf', body.get('csrf')!);
    return person.fetch(address, { method: 'POST', body: changed(body, { csrf: undefined }) });
  },
  'from another site, with all that is right': ({ action, body }) =>
    person.fetch(action, { method: 'POST', body, headers: { ...evil, 'sec-fetch-site': 'cross-site' } }),
  'from a neighbour in the same domain, with all that is right': ({ action, body }) =>
    person.fetch(action, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-site' } }),
  'by GET, with all that is right': ({ action, body }) => {
    const address = new URL(action);
    body.forEach((value, name) => address.searchParams.set(name, value));
    return person.fetch(address, {}, 'cross');
  },
}; // prettier-ignore

describe.each(Object.entries(wishes))('A forged form %s', (_what, begin) => {
  async function expectNothing(wish: Wish, way: string, { status, headers }: Response) {
    const location = headers.get('location') ?? '';
    expect([way, status < 500, /^https:\/\/app|[?&]code=/.test(location)]).toEqual([way, true, false]);
    expect([way, await wish.happened()]).toEqual([way, false]);
  }

  test('does nothing, however it comes; that of the person does', async () => {
    const wish = await begin();
    for (const [way, attack] of Object.entries(attacks)) await expectNothing(wish, way, await attack(wish));
    // The attacks have not even taken from the person what makes the own form good.
    const answer = await person.fetch(wish.action, { method: 'POST', body: wish.body });
    expect([answer.status, await wish.happened()]).toEqual([303, true]);
  });

  test('does nothing from another site in a browser that does not say where forms come from', async () => {
    const wish = await begin();
    const body = changed(wish.body, { csrf: csrfOfAttacker });
    const answer = await person.fetch(wish.action, { method: 'POST', body, headers: evil }, 'cross');
    await expectNothing(wish, 'without Fetch Metadata', answer);
  });
});

describe('An address of another site', () => {
  test.each([
    '/signout',
    '/signedout',
    '/connect/endsession',
    '/connect/endsession?client_id=web',
    '/connect/endsession?client_id=web&post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2Fbye',
    '/connect/endsession?logout_hint=alice',
  ])('signs nobody out: %s', async (address) => {
    const shown = await person.open(address, {}, 'cross');
    expect([shown.url.origin, await isSignedIn(person)]).toEqual([server.url, true]);
  });

  test('signs nobody out with an id_token of the attacker', async () => {
    const { id_token } = (await redeem(server, (await silently(attacker)).code)).body;
    for (const method of ['GET', 'POST']) {
      const parameters = new URLSearchParams({
        id_token_hint: id_token,
        post_logout_redirect_uri: 'https://app.example.com/bye',
      });
      const shown =
        method === 'GET'
          ? await person.open(`/connect/endsession?${parameters.toString()}`, {}, 'cross')
          : await person.open('/connect/endsession', { method, body: parameters }, 'cross');
      expect([method, shown.url.pathname, await isSignedIn(person)]).toEqual([method, '/signout', true]);
    }
  });

  test('signs nobody in: user name and password in an address are not looked at', async () => {
    const stranger = new PlainBrowser(server);
    const page = await stranger.open('/signin?username=bob&password=bob&action=signIn', {}, 'cross');
    expect([page.html.includes('value="bob"'), await isSignedIn(stranger)]).toEqual([false, false]);
  });

  test('lets no device in: the code in it is shown, and waits for the word of the person (RFC 8628 §5.4)', async () => {
    const { body } = await server.form('connect/deviceauthorization', { scope: 'openid' }, basic('web'));
    const shown = await person.open(`${body.verification_uri_complete}&decision=allow`, {}, 'cross');
    expect([shown.url.pathname, shown.text.includes('Allow')]).toEqual(['/device', false]);
    const poll = { grant_type: device, device_code: body.device_code };
    expect((await server.form('connect/token', poll, basic('web'))).body.error).toBe('authorization_pending');
  });
});

describe('A page of one person', () => {
  test('does nothing in the hands of the next one at the same browser: consent, device, applications', async () => {
    const consent = await person.open(authorizeAddress({ ...asking, prompt: 'consent' }));
    const { body } = await server.form('connect/deviceauthorization', { scope: 'openid' }, basic('web'));
    const confirm = await enterCode(person, body.user_code);
    await person.submit(await person.open('/signout'));
    await person.signIn(await person.open('/signin'), 'bob');
    expect((await person.submit(consent, { decision: 'allow' })).url.pathname).toBe('/consent');
    const answer = await person.submit(confirm, { decision: 'allow' });
    expect([answer.status, answer.url.pathname]).toEqual([403, '/device/confirm']);
  });

  test('ends no session of somebody else, whose sid every client knows', async () => {
    const { id_token } = (await redeem(server, (await silently(attacker)).code)).body;
    const { sid } = JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url').toString());
    const page = await person.open('/signout');
    const account = JSON.parse(
      Buffer.from(
        (await redeem(server, (await silently(person)).code)).body.id_token.split('.')[1],
        'base64url',
      ).toString(),
    ).sid;
    const form = new URLSearchParams({ csrf: formOf(page).body.get('csrf')!, account, session_id: sid });
    const answer = await person.fetch('/applications', { method: 'POST', body: form });
    expect([answer.status, await isSignedIn(attacker)]).toEqual([303, true]);
  });
});
