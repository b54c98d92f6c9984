import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { describeFault } from '@tessera/resource-model';
import { resolvePages } from './resolve-pages.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder with these files in it. */
function folder(files: Record<string, string | object>): string {
  const path = mkdtempSync(join(tmpdir(), 'pages-'));
  folders.push(path);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return path;
}

const faultsOf = (options: object) => resolvePages(options).faults.map(describeFault);
const globals = { language: 'en', now: 0, base: '' };

describe('The options of the pages', () => {
  it('all have a default', () => {
    expect(resolvePages({}).pages?.options).toMatchObject({ name: 'Tessera', accentColor: '#0f5c66', homePage: true });
  });

  it('that are given as undefined count as not given', () => {
    expect(resolvePages({ name: undefined }).pages?.options.name).toBe('Tessera');
  });

  it.each([
    [{ name: '' }, 'name: name should not be empty'],
    [{ accentColor: 'red' }, 'accentColor: accentColor must be a colour as #0f5c66 (got "red")'],
    [{ accentColor: '#12345' }, 'accentColor: '],
    [{ homeUrl: 'javascript:alert(1)' }, 'homeUrl: homeUrl must be an absolute http or https URL'],
    [{ logoUrl: 'http://example.com/logo.png' }, 'logoUrl: logoUrl must be an https URL, or the name of a file'],
    [{ logoUrl: '../secret.svg' }, 'logoUrl: '],
    [{ logoUrl: 'logo.svg' }, 'logoUrl: must be an https URL or a file in the folder assets, which is not given'],
    [{ createAccountPath: '/register' }, 'createAccountPath: createAccountPath must be a path below the issuer'],
    [{ messages: '/nowhere' }, 'messages: must be a folder that can be read'],
    [{ templates: '/nowhere' }, 'templates: must be a folder that can be read'],
    [{ assets: '/nowhere' }, 'assets: must be a folder that can be read'],
    [{ acentColor: '#000' }, 'acentColor: is not a property of PagesOptions; did you mean accentColor?'],
  ])('are refused when they are %j', (options, fault) => {
    expect(faultsOf(options)).toEqual([expect.stringContaining(fault)]);
  });

  it('are refused with all faults at once', () => {
    expect(
      faultsOf({ messages: '/nowhere', templates: '/nowhere', assets: '/nowhere', logoUrl: 'logo.svg' }),
    ).toHaveLength(4);
  });
});

describe('Texts of an application', () => {
  it('take the place of ours, and add languages', () => {
    const messages = folder({ 'en.json': { 'signin.title': 'Log in' }, 'it.json': { 'signin.title': 'Accedi' } });
    const { pages, warnings } = resolvePages({ messages });
    const say = (key: string, language: string) => pages!.messages.format(key, language);
    expect([say('signin.title', 'en'), say('signin.title', 'it'), say('signin.title', 'de')]).toEqual([
      'Log in',
      'Accedi',
      'Anmelden',
    ]);
    // English stands in for what a language lacks, and the log says so.
    expect(say('signin.password', 'it')).toBe('Password');
    expect(warnings.map(describeFault)).toEqual([
      expect.stringMatching(/^messages it: English stands in for common.cancel, .* and \d+ more$/),
    ]);
  });

  it('in a regional language lean on the language itself', () => {
    const { pages, warnings } = resolvePages({
      messages: folder({ 'de-AT.json': { 'home.greeting': 'Grüß Gott, {name}' } }),
    });
    expect(pages!.messages.format('home.greeting', 'de-AT', { name: 'Ada' })).toBe('Grüß Gott, Ada');
    expect(pages!.messages.format('signin.title', 'de-AT')).toBe('Anmelden');
    expect(warnings).toEqual([]);
  });

  it('may name scopes and claims of its own, and texts of its own templates', () => {
    const messages = folder({
      'en.json': { 'scope.notes.name': 'Your notes', 'claim.shoe_size': 'Shoe size', 'own.hello': 'Hello {who}' },
    });
    expect(faultsOf({ messages })).toEqual([]);
  });

  it.each([
    [{ 'en.json': { 'signin.titel': 'x' } }, 'en.json: signin.titel: is no text of the pages; one of your own begins with own.; did you mean signin.title? (got "x")'],
    [{ 'en.json': { 'account.continueAs': 'Go on' } }, 'en.json: account.continueAs: must have the placeholder {name} and no other (got "Go on")'],
    [{ 'en.json': { 'account.other': '{x}' } }, 'must have no placeholder (got "{x}")'],
    [{ 'fr.json': { 'common.tooManySeconds': 'Attendre {seconds' } }, 'fr.json: common.tooManySeconds: is not an ICU message'],
    [{ 'de_AT.json': {} }, 'must be named after a language, as it.json (got "de_AT")'],
    [{ 'de-at.json': {} }, 'must be named after a language, as de-AT.json (got "de-at")'],
    [{ 'en.json': '{' }, 'en.json: cannot be read as JSON'],
    [{ 'en.json': ['x'] }, 'en.json: must be an object whose values are text'],
    [{ 'en.json': { a: 1 } }, 'en.json: must be an object whose values are text'],
    [{ 'readme.txt': 'x' }, 'has no file <language>.json in it'],
  ])('are refused when they are %j', (files, fault) => {
    expect(faultsOf({ messages: folder(files) })).toEqual([expect.stringContaining(fault)]);
  }); // prettier-ignore
});

describe('Templates of an application', () => {
  it('take the place of ours one by one', async () => {
    const templates = folder({ 'way-back.liquid': '<p>{{ "own.back" | t }} {{ product.name }}</p>' });
    const { pages } = resolvePages({ templates, messages: folder({ 'en.json': { 'own.back': 'Back to' } }) });
    const html = await pages!.templates.render(
      'lost',
      { title: { key: 'lost.title' }, product: { name: '<b>' } },
      globals,
    );
    expect(html).toContain('<p>Back to &lt;b&gt;</p>');
    expect(html).toContain('<h1>This page is no longer valid</h1>');
  });

  it.each([
    [{ 'signin.liquid': '{% if %}' }, 'signin.liquid'],
    [{ 'signin.liquid': '{{ x | unknown }}' }, 'signin.liquid'],
    [{ 'readme.txt': '' }, 'has no file <name>.liquid in it'],
  ])('are refused when they cannot be read: %j', (files, fault) => {
    expect(faultsOf({ templates: folder(files) })).toEqual([expect.stringContaining(fault)]);
  });
});

describe('Assets of an application', () => {
  it('add to the style and bring a logo', () => {
    const assets = folder({ 'style.css': '.card{border:0}', 'logo.svg': '<svg/>' });
    const { pages } = resolvePages({ assets, logoUrl: 'logo.svg' });
    const style = pages!.assets.find('style.css')!.body.toString();
    expect(style).toMatch(/^:root\{--background:#f3f5f4;/);
    expect(style).toMatch(/\.card \{[\s\S]*\.card\{border:0\}$/);
    expect(pages!.assets.path('logo.svg')).toMatch(/^assets\/[\w-]{16}\/logo\.svg$/);
  });

  it('have an address that changes with what is in them', () => {
    const address = (accentColor: string) => resolvePages({ accentColor }).pages!.assets.path('style.css');
    expect(address('#123456')).not.toBe(address('#654321'));
    expect(address('#123456')).toBe(address('#123456'));
  });

  it.each([
    [{ 'page.html': '' }, 'assets: must be one of .css, .js, .svg'],
    [{ 'a b.png': '' }, 'must be named with letters, digits, hyphens and dots alone (got "a b.png")'],
    [{ 'big.png': 'x'.repeat(2 * 1024 * 1024 + 1) }, 'is larger than 2 MiB'],
  ])('are refused when they cannot be served', (files, fault) => {
    expect(faultsOf({ assets: folder(files) })).toEqual([expect.stringContaining(fault)]);
  });
});
