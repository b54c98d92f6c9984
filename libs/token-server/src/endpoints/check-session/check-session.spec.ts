import { hash, webcrypto } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { adapters, run } from '../../running-server.spec.fixture.js';
import { browserState, sessionState } from '../../sessions/browser-state.js';

const origin = 'https://app.example.com';
const cookie = `other=1; __Host-tessera.state=${browserState('sid1')}`;

/** Runs the script of the page in a browser with these cookies, and sends it a message. */
async function answerTo(
  html: string,
  message: unknown,
  {
    cookies = cookie,
    from = origin,
    embedder = {},
  }: { cookies?: string; from?: string; embedder?: { ancestorOrigins?: string[]; referrer?: string } } = {},
): Promise<unknown[]> {
  const script = /<script>([^]*)<\/script>/.exec(html)![1]!;
  let listener: ((event: object) => Promise<void>) | undefined;
  runInNewContext(script, {
    document: { cookie: cookies, referrer: embedder.referrer ?? '' },
    location: { ancestorOrigins: embedder.ancestorOrigins },
    URL,
    crypto: webcrypto,
    TextEncoder,
    Uint8Array,
    addEventListener: (_type: string, added: typeof listener) => (listener = added),
  });
  const answers: unknown[] = [];
  const source = { postMessage: (...answer: unknown[]) => answers.push(answer) };
  await listener!({ data: message, origin: from, source });
  return answers;
}

describe.each(adapters)('The session frame, on %s', (adapter) => {
  it('may be framed by every site, and runs nothing but its own script', async () => {
    const { status, headers, text } = await (await run({}, { adapter })).send('connect/checksession');
    expect([status, headers.get('content-type'), headers.get('x-frame-options')]).toEqual([
      200,
      'text/html; charset=utf-8',
      null,
    ]);
    const script = /<script>([^]*)<\/script>/.exec(text)![1]!;
    const policy = `default-src 'none'; base-uri 'none'; script-src 'sha256-${hash('sha256', script, 'base64')}'`;
    expect(headers.get('content-security-policy')).toBe(policy);
  });
});

describe('The session frame', () => {
  it('tells whether the session is still the same (Session Management §3.2)', async () => {
    const { text } = await (await run()).send('connect/checksession');
    const message = `client1 ${sessionState('client1', `${origin}/callback`, 'sid1')}`;
    expect(await answerTo(text, message)).toEqual([['unchanged', origin]]);
    const changed = [['changed', origin]];
    expect(await answerTo(text, message, { cookies: `__Host-tessera.state=${browserState('sid2')}` })).toEqual(changed);
    expect(await answerTo(text, message, { cookies: 'other=1' })).toEqual(changed);
    expect(await answerTo(text, message.replace('client1', 'client2'))).toEqual(changed);
    const evil = 'https://evil.example';
    expect(await answerTo(text, message, { from: evil })).toEqual([['changed', evil]]);
  });

  it('answers nobody but the origin of the page that embeds it (Session Management §3.2)', async () => {
    const { text } = await (await run()).send('connect/checksession');
    const message = `client1 ${sessionState('client1', `${origin}/callback`, 'sid1')}`;
    const evil = 'https://evil.example';
    for (const embedder of [{ ancestorOrigins: [evil, origin] }, { referrer: `${evil}/page` }]) {
      expect(await answerTo(text, message, { embedder })).toEqual([['error', origin]]);
    }
    for (const embedder of [{ ancestorOrigins: [origin, evil] }, { referrer: `${origin}/page` }]) {
      expect(await answerTo(text, message, { embedder })).toEqual([['unchanged', origin]]);
      expect(await answerTo(text, message, { embedder, from: evil })).toEqual([['error', evil]]);
    }
  });

  it.each(['', 'client1', 'client1 state', 'client1 state.salt', 7, null])('answers %p with error', async (message) => {
    const { text } = await (await run()).send('connect/checksession');
    expect(await answerTo(text, message)).toEqual([['error', origin]]);
  });
});
