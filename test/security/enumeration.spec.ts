import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashPassword } from '@tessera/accounts';
import { User } from '@tessera/token-server';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import type { Answer } from '../requests.js';
import { basic, FakeClock, type RunningServer, seed } from '../running-server.js';
import { authorizeAddress, enterCode, silently, signedIn, startForPeople, webClient } from './people.fixture.js';

// Nobody learns from an answer, its words, its length or its time, who or what there is here; and nobody tries it out for long.

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const clients = [
  webClient('web', {
    allowedGrantTypes: ['authorization_code', device],
    postLogoutRedirectUris: ['https://app.example.com/bye'],
  }),
  webClient('other', { allowedGrantTypes: ['authorization_code', device] }),
  webClient('off', { enabled: false }),
];
const passwordHash = await hashPassword('right');
/** Several, so that each is tried too seldom to be slowed down. */
const known = Array.from({ length: 12 }, (_one, index) => `known-${String(index).padStart(2, '0')}`);
const users = [
  ...seed.users,
  ...known.map((username) => new User({ subject: username, username, passwordHash })),
  new User({ subject: 'disabled', username: 'disabled', passwordHash, enabled: false }),
  new User({ subject: 'external', username: 'external' }),
];

let server: RunningServer;
let clock: FakeClock;

/** Wrong passwords count for the address that they come from: with a server of its own each group begins anew. */
function onServerOfItsOwn(): void {
  beforeAll(async () => {
    clock = new FakeClock();
    server = await startForPeople(clients, { clock, options: { users } });
  });
  afterAll(() => server.close());
}

/** All that a browser is shown of an answer, but for what is new in each. */
function seenIn({ status, headers, html }: Shown, ...own: string[]): unknown {
  const text = own.reduce((rest, one) => rest.replaceAll(one, '…'), html.replace(/name="csrf" value="[^"]+"/, ''));
  const others = [...headers].filter(([name]) => !['set-cookie', 'date'].includes(name));
  return { status, headers: others, text };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

describe('A sign-in that fails', () => {
  onServerOfItsOwn();

  test('shows the same whether the person is known, unknown, disabled or without a password', async () => {
    const browser = new PlainBrowser(server);
    const page = await browser.open(authorizeAddress());
    const tried = async (username: string, password = 'wrong') =>
      seenIn(await browser.submit(page, { username, password }), username);
    const wrong = await tried('known-00');
    expect(wrong).toMatchObject({ status: 400, text: expect.stringContaining('id="notice"') });
    expect(await tried('stranger')).toEqual(wrong);
    expect(await tried('disabled', 'right')).toEqual(wrong);
    expect(await tried('external', '')).not.toEqual(wrong);
    expect(await tried('external', 'x')).toEqual(wrong);
    expect(await tried('toString', 'x')).toEqual(wrong);
  });

  test('answers the same at the token endpoint, by password', async () => {
    const ask = async (username: string, password: string) => {
      const form = { grant_type: 'password', username, password, scope: 'openid' };
      const { status, headers, body } = await server.form('connect/token', form, basic('ropg_client'));
      return { status, headers: [...headers].filter(([name]) => name !== 'date'), body };
    };
    const wrong = await ask('known-01', 'wrong');
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    for (const [username, password] of [['stranger', 'wrong'], ['disabled', 'right'], ['external', 'x']] as const) {
      expect(await ask(username, password)).toEqual(wrong);
    } // prettier-ignore
  });

  test('takes as long for somebody unknown, or disabled, as for a wrong password', async () => {
    const browser = new PlainBrowser(server);
    const page = await browser.open('/signin');
    const times = { known: [] as number[], unknown: [] as number[], disabled: [] as number[] };
    const measure = async (kind: keyof typeof times, username: string, password: string) => {
      const start = performance.now();
      const { status } = await browser.submit(page, { username, password });
      times[kind].push(performance.now() - start);
      expect([username, status]).toEqual([username, 400]);
    };
    for (const [index, username] of known.slice(2, 12).entries()) {
      await measure('known', username, 'wrong');
      await measure('unknown', `nobody-${index}`, 'wrong');
      if (index < 3) await measure('disabled', 'disabled', 'right');
    }
    // Without the hash it would take a tenth; a busy machine makes it less even, but not for one kind alone.
    expect(median(times.unknown)).toBeGreaterThan(median(times.known) / 2);
    expect(median(times.disabled)).toBeGreaterThan(median(times.known) / 2);
  });
});

describe('Fifty wrong passwords at once', () => {
  onServerOfItsOwn();

  test('count each, be there such a person or not; a new address in a header is no new address', async () => {
    for (const username of ['known-00', 'stranger']) {
      const browser = new PlainBrowser(server);
      const page = await browser.open('/signin');
      const tries = Array.from({ length: 50 }, (_one, index) => {
        const forged = new PlainBrowser(server, {
          'x-forwarded-for': `192.0.2.${index}`,
          'x-real-ip': `192.0.2.${index}`,
        });
        // One browser, whose form it is, and half of the tries with an address made up.
        return index % 2 ? browser.submit(page, { username, password: 'wrong' }) : tryIn(forged, username);
      });
      const statuses = (await Promise.all(tries)).map(({ status }) => status);
      const looked = statuses.filter((status) => status === 400).length;
      // Five are free; the clock stands still for the others.
      expect(looked).toBe(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(45);
    }
  });

  test('do not keep the person out who signs in with a device that is known', async () => {
    const [own, other] = [await signedIn(server, 'bob'), await signedIn(server, 'alice')];
    for (const browser of [own, other]) await browser.submit(await browser.open('/signout'));
    await lockOut('bob');
    expect((await tryIn(new PlainBrowser(server), 'bob', 'bob')).status).toBe(429);
    // A device of somebody else is none of the person.
    expect((await tryIn(other, 'bob', 'bob')).status).toBe(429);
    const shown = await tryIn(own, 'bob', 'bob');
    expect([shown.status, (await silently(own)).code]).toEqual([200, expect.any(String)]);
  });

  /** Until nobody is let in for some seconds. */
  async function lockOut(username: string): Promise<void> {
    const shown = await Promise.all(Array.from({ length: 6 }, () => tryIn(new PlainBrowser(server), username)));
    const wait = Math.max(...shown.map(({ headers }) => Number(headers.get('retry-after') ?? 0)));
    if (wait >= 4) return;
    clock.advance(wait);
    await lockOut(username);
  }

  async function tryIn(browser: PlainBrowser, username: string, password = 'wrong'): Promise<Shown> {
    return browser.submit(await browser.open('/signin'), { username, password });
  }
});

describe('The code of a device', () => {
  onServerOfItsOwn();

  test('that is unknown, over, used or refused shows the same', async () => {
    const browser = await signedIn(server);
    const begin = async () =>
      (await server.form('connect/deviceauthorization', { scope: 'openid' }, basic('web'))).body.user_code as string;
    const enter = async (code: string) => seenIn(await enterCode(browser, code), code);
    const confirm = async (code: string) => seenIn(await browser.open(`/device/confirm?user_code=${code}`), code);
    const decide = async (code: string, decision: string) =>
      browser.submit(await enterCode(browser, code), { decision });

    const [over, used, refused] = [await begin(), await begin(), await begin()];
    for (const [code, decision] of [[used, 'allow'], [refused, 'deny']] as const) {
      expect((await decide(code, decision)).url.pathname).toBe('/device/done');
    } // prettier-ignore
    clock.advance(301);
    // In an address alone no code is looked up.
    for (const [look, status] of [
      [enter, 400],
      [confirm, 200],
    ] as const) {
      const unknown = await look('BCDF-GHJK');
      expect(unknown).toMatchObject({ status });
      for (const code of [over, used, refused]) {
        // Wrong ones are slowed down, and forgotten after ten minutes.
        clock.advance(601);
        expect([code, await look(code)]).toEqual([code, unknown]);
      }
      clock.advance(601);
    }
  });

  test('of a device that waits is told apart from one that is made up by its own client alone', async () => {
    const { body } = await server.form('connect/deviceauthorization', { scope: 'openid' }, basic('web'));
    const poll = (device_code: string, clientId = 'web') =>
      server.form('connect/token', { grant_type: device, device_code }, basic(clientId));
    expect((await poll(body.device_code)).body.error).toBe('authorization_pending');
    const [foreign, made] = [await poll(body.device_code, 'other'), await poll('made-up', 'other')];
    expect([foreign.status, foreign.body]).toEqual([made.status, made.body]);
    expect(made.body.error).toBe('invalid_grant');
  });
});

describe('A client', () => {
  onServerOfItsOwn();
  const plain = ({ status, headers, body }: Answer) => ({
    status,
    body,
    headers: [...headers].filter(([name]) => name !== 'date'),
  });

  test('that is unknown, disabled or shows a wrong secret is told the same (RFC 6749 §5.2)', async () => {
    for (const path of ['connect/token', 'connect/deviceauthorization', 'connect/revocation', 'connect/introspect']) {
      const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x', token: 'x' };
      const [wrong, unknown, off] = [
        await server.form(path, form, basic('web', 'wrong')),
        await server.form(path, form, basic('none', 'secret')),
        await server.form(path, form, basic('off', 'secret')),
      ].map(plain);
      expect([path, wrong]).toEqual([
        path,
        expect.objectContaining({ status: 401, body: expect.objectContaining({ error: 'invalid_client' }) }),
      ]);
      expect([unknown, off]).toEqual([wrong, wrong]);
    }
  });

  test('that is disabled looks like one that there is not, to a person', async () => {
    const browser = await signedIn(server);
    for (const address of [
      (id: string) => authorizeAddress({ client_id: id }),
      (id: string) => `/connect/endsession?client_id=${id}`,
      (id: string) => `/signin?interaction=x&client_id=${id}`,
    ]) {
      const withoutId = (shown: Shown, id: string) => JSON.stringify(seenIn(shown, id)).replace(/req-\w+/g, '');
      const [off, unknown] = [await browser.open(address('off')), await browser.open(address('xyz'))];
      expect(withoutId(off, 'off')).toBe(withoutId(unknown, 'xyz'));
    }
  });

  test('gives away none of its secrets, nor other people’s addresses, where a request is wrong', async () => {
    const browser = new PlainBrowser(server);
    for (const difference of [
      { redirect_uri: 'https://evil.example/' },
      { client_id: 'xyz' },
      { redirect_uri: undefined },
    ]) {
      const { html, status } = await browser.open(authorizeAddress(difference));
      expect(status).toBe(400);
      expect(html).not.toMatch(/sha256|K7gNU3sdo|secret|\/bye|node_modules|at \w+ \(/i);
    }
  });
});
