import { describe, expect, it } from '@jest/globals';
import { Browser, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, runPages } from '../running-pages.spec.fixture.js';

const demo = {
  users: [{ username: 'alice', password: 'ecila', name: 'Alice <Smith>' }],
  clients: [
    { clientId: 'web', name: 'Sample web', url: 'https://localhost:7001' },
    { clientId: 'evil', url: 'javascript:alert(1)' },
  ],
};

describe.each(adapters)('The home page, on %s', (adapter) => {
  it('says who is signed in', async () => {
    const server = await runPages({}, { adapter });
    expect((await new Browser(server).open('/')).text).toContain('You are not signed in. Sign in');
    const page = await (await signedInBrowser(server)).open('/');
    expect(page.text).toContain('Hello, The alice My applications');
    expect(page.text).not.toContain('For development');
  });

  it('lists the demo data of a development server', async () => {
    const page = await new Browser(await runPages({ demo }, { adapter })).open('/');
    expect(page.text).toContain('Discovery document');
    expect(page.text).toContain('Alice <Smith> alice ecila');
    expect(page.html).toContain('<a class="strong" href="https://localhost:7001/">Sample web</a>');
    expect(page.html).not.toContain('javascript:');
    expect(page.text).toMatch(/Clients Sample web web evil$/);
  });

  it('is left out where the application has one of its own', async () => {
    const page = await new Browser(await runPages({ homePage: false }, { adapter })).open('/');
    expect(page.status).toBe(404);
    expect((await new Browser(await runPages({ homePage: false }, { adapter })).open('/signin')).html).toContain(
      'href="/applications"',
    );
  });
});
