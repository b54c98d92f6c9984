import { describe, expect, it } from '@jest/globals';
import { Browser } from '../browser.spec.fixture.js';
import { adapters, runPages } from '../running-pages.spec.fixture.js';

describe.each(adapters)('The files beside the pages, on %s', (adapter) => {
  const open = async () => {
    const browser = new Browser(await runPages({}, { adapter }));
    const page = await browser.open('/signin');
    return { browser, style: /href="(\/assets\/[\w-]{16}\/style\.css)"/.exec(page.html)![1]! };
  };

  it('may be kept for ever, because their addresses change with them', async () => {
    const { browser, style } = await open();
    const { status, headers, html } = await browser.open(style);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(html).toContain('--accent:#0f5c66');
    const known = await browser.open(style, { headers: { 'if-none-match': headers.get('etag')! } });
    expect([known.status, known.html]).toEqual([304, '']);
  });

  it('of another version of the server are served, and not kept', async () => {
    const { browser } = await open();
    const { status, headers } = await browser.open('/assets/another-version/mark.svg');
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=60']);
    // Opened by itself a picture runs nothing.
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    expect(headers.get('content-type')).toBe('image/svg+xml');
  });

  it.each(['package.json', '..%2fpackage.json', '__proto__', 'style.css%00'])(
    'are these and no others: %s',
    async (name) => {
      const { browser } = await open();
      expect((await browser.open(`/assets/x/${name}`)).status).toBeGreaterThanOrEqual(400);
    },
  );
});
