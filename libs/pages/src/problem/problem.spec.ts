import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { authorizeAddress, Browser } from '../browser.spec.fixture.js';
import { adapters, runPages } from '../running-pages.spec.fixture.js';

describe.each(adapters)('The error page, on %s', (adapter) => {
  it('says in plain words what happened, and the rest to developers', async () => {
    const browser = new Browser(await runPages({}, { adapter }));
    const page = await browser.open(authorizeAddress('notes', { redirect_uri: 'https://notes.example/calback' }));
    expect(page.status).toBe(400);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).toContain(
      'Something went wrong The application that sent you here made a mistake in its request.',
    );
    expect(page.text).toContain('Details for developers Error invalid_request Description');
    expect(page.text).toContain('https://notes.example/calback');
    expect(page.html).toContain('href="https://notes.example/start?iss=');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('escapes what was sent, and never redirects to it', async () => {
    const browser = new Browser(await runPages({}, { adapter }));
    const page = await browser.open(
      authorizeAddress('<script>alert(1)</script>', { redirect_uri: 'javascript:alert(1)' }),
    );
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(page.html).not.toMatch(/<script|href="javascript/);
  });

  it('speaks the language that was asked for', async () => {
    const browser = new Browser(await runPages({}, { adapter }));
    const page = await browser.open(authorizeAddress('nobody', { ui_locales: 'fr' }));
    expect(page.text).toContain('Une erreur s’est produite');
  });

  it('leads home where no application is known', async () => {
    const browser = new Browser(await runPages({ homeUrl: 'https://example.com/start' }, { adapter }));
    const page = await browser.open(authorizeAddress('nobody'));
    expect(page.html).toContain('<a class="button" href="https://example.com/start">Go to the start page</a>');
  });

  it.each([
    ['home.liquid', /<h1>Something went wrong<\/h1>/],
    ['error.liquid', /^server_error: The server failed; its log says why\.$/],
  ])('hides what is wrong with %s, and logs it', async (name, answer) => {
    const templates = mkdtempSync(join(tmpdir(), 'pages-'));
    writeFileSync(join(templates, 'home.liquid'), '{% include "nowhere" %}');
    writeFileSync(join(templates, name), '{% include "nowhere" %}');
    const lines: string[] = [];
    const keep = (line: unknown) => void lines.push(String(line));
    const logger = { log: () => undefined, warn: keep, error: keep };
    const page = await new Browser(await runPages({ templates }, { adapter, logger })).open('/');
    rmSync(templates, { recursive: true });
    expect(page.status).toBe(500);
    expect(page.html).toMatch(answer);
    expect(page.html).not.toContain('nowhere');
    expect(lines.join()).toContain('A page failed');
  });
});
