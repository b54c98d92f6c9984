import { describe, expect, it } from '@jest/globals';
import { authorizeAddress, Browser, linkOf, signIn, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, client, runPages } from '../running-pages.spec.fixture.js';

const scope = 'openid profile email notes notes.all offline_access';

describe.each(adapters)('The consent page, on %s', (adapter) => {
  const ask = async (
    difference: Parameters<typeof client>[1] = {},
    more: Record<string, string> = {},
    headers = {},
  ) => {
    const server = await runPages({ clients: [client('notes', { requireConsent: true, ...difference })] }, { adapter });
    const browser = await signedInBrowser(server, 'alice', headers);
    const page = await browser.open(authorizeAddress('notes', { scope, ...more }));
    return { server, browser, page };
  };

  it('puts what the application asks for into words, and locks what cannot be left out', async () => {
    const { page } = await ask({}, {}, { 'accept-language': 'de' });
    expect(page.address.pathname).toBe('/consent');
    expect(page.text).toContain('Acme Notes bittet um Zugriff');
    expect(page.text).toContain('Angemeldet als The alice');
    for (const words of [
      'Sie wiedererkennen Erforderlich',
      'Ihr Profil',
      'Ihre E-Mail-Adresse',
      'Read all notes Sensibel Bei: Notes API',
      'Verbunden bleiben',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.html).toContain('<input type="hidden" name="scope" value="openid">');
    expect(page.html).toContain('name="scope" value="openid" checked disabled>');
    expect(page.html).toContain('name="scope" value="email" checked>');
  });

  it('says once what an API is called, and warns of nothing that every application asks for', async () => {
    const { page } = await ask();
    expect(page.text).toContain('What Acme Notes wants to do for you Notes API Read all notes Sensitive At Notes API');
    expect(page.text.match(/Sensitive/g)).toHaveLength(1);
  });

  it('has its buttons in the order in which they are read', async () => {
    const { page } = await ask();
    const answers = [...page.html.matchAll(/name="decision" value="(\w+)"/g)].map(([, value]) => value);
    expect(answers).toEqual(['deny', 'allow']);
  });

  it('lets somebody else answer, who signs in first', async () => {
    const { browser, page } = await ask();
    expect(page.text).toContain('Signed in as The alice Not you? Use another account');
    const other = await browser.open(linkOf(page, '/signin?'));
    expect([other.status, other.address.pathname]).toEqual([200, '/signin']);
    const again = await browser.submit(other, { username: 'bob', password: 'wrong' });
    // The address of the answer leads to the same page.
    expect((await browser.open(again.address.href)).address.pathname).toBe('/signin');
    const asked = await signIn(browser, again, 'bob');
    expect([asked.address.pathname, asked.text.includes('Signed in as The bob')]).toEqual(['/consent', true]);
    const { address } = await browser.submit(asked, { scope: ['openid'], decision: 'allow' });
    expect([address.host, address.searchParams.has('code')]).toEqual(['notes.example', true]);
  });

  it('that comes too late leads back to the application, however it was sent', async () => {
    const { browser, page } = await ask();
    await browser.submit(page, { decision: 'deny' });
    const late = await browser.submit(page, { scope: ['openid'], decision: 'allow' });
    expect([late.status, late.text.includes('Back to Acme Notes')]).toEqual([404, true]);
  });

  it('says which single facts are asked for (OpenID Connect Core §5.5)', async () => {
    const { page } = await ask({}, { claims: '{"id_token":{"birthdate":null,"<b>":null}}' });
    expect(page.text).toContain('Date of birth');
    expect(page.html).not.toContain('<b>');
  });

  it('lets in what was ticked', async () => {
    const { browser, page } = await ask();
    const { address } = await browser.submit(page, { scope: ['openid', 'email'], decision: 'allow' });
    expect([address.host, address.searchParams.has('code')]).toEqual(['notes.example', true]);
  });

  it('asks again next time, unless the answer is to be remembered', async () => {
    const { browser, page } = await ask();
    const all = scope.split(' ');
    await browser.submit(page, { scope: all, decision: 'allow' });
    const again = await browser.open(authorizeAddress('notes', { scope }));
    expect(again.address.pathname).toBe('/consent');
    await browser.submit(again, { scope: all, decision: 'allow', remember: 'yes' });
    expect((await browser.open(authorizeAddress('notes', { scope }))).address.host).toBe('notes.example');
  });

  it('offers to remember only where the client may have it remembered', async () => {
    const { page } = await ask({ allowRememberConsent: false });
    expect(page.html).not.toContain('name="remember"');
  });

  it('sends a denial to the application', async () => {
    const { browser, page } = await ask();
    const { address } = await browser.submit(page, { decision: 'deny' });
    expect([address.host, address.searchParams.get('error')]).toEqual(['notes.example', 'access_denied']);
  });

  it('does not take silence for an answer, and keeps what was ticked', async () => {
    const { browser, page } = await ask();
    const again = await browser.submit(page, { scope: ['openid', 'email'], remember: 'yes' });
    expect([again.status, again.text.includes('Please choose whether to allow or deny this.')]).toEqual([400, true]);
    expect(again.html).toContain('name="scope" value="email" checked>');
    expect(again.html).toContain('name="scope" value="profile">');
    expect(again.html).toMatch(/name="remember" value="yes" checked/);
  });

  it('does not allow nothing at all', async () => {
    const { browser, page } = await ask({}, { scope: 'notes', response_type: 'code' });
    const again = await browser.submit(page, { decision: 'allow', scope: [] });
    expect([again.status, again.text.includes('Choose at least one permission')]).toEqual([400, true]);
  });

  it('does not take the answer of one person for that of another', async () => {
    const { browser, page } = await ask();
    const other = await browser.open(authorizeAddress('notes', { prompt: 'login' }));
    await signIn(browser, other, 'bob');
    const again = await browser.submit(page, { scope: ['openid'], decision: 'allow' });
    expect([again.status, again.text.includes('You are now signed in as The bob.')]).toEqual([403, true]);
  });

  it('of a stranger does nothing: an attacker cannot allow in the name of somebody (RFC 6749 §10.12)', async () => {
    const { browser, page } = await ask();
    const forged = await browser.submit(page, { scope: ['openid'], decision: 'allow', csrf: 'forged' });
    expect([forged.status, forged.text.includes('This page had been open for too long')]).toEqual([403, true]);
    expect((await browser.submit(forged, { scope: ['openid'], decision: 'allow' })).address.host).toBe('notes.example');
  });

  it('escapes what the client says of itself, and leads nowhere that runs a script', async () => {
    const { page } = await ask({
      clientName: '"><img src=x onerror=alert(1)>',
      description: '<script>alert(1)</script>',
      clientUri: 'https://notes.example/"onclick="alert(1)',
    });
    expect(page.html).not.toMatch(/<script|<img src=x|" ?onclick=/);
    expect(page.text).toContain('"><img src=x onerror=alert(1)>');
  });

  it('is not there for somebody who has not signed in', async () => {
    const server = await runPages({ clients: [client('notes', { requireConsent: true })] }, { adapter });
    const browser = new Browser(server);
    const page = await browser.open(authorizeAddress('notes'));
    const interaction = page.address.searchParams.get('interaction')!;
    expect((await browser.open(`/consent?interaction=${interaction}`)).address.pathname).toBe('/signin');
  });
});
