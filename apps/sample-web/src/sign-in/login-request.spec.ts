import { describe, expect, it } from '@jest/globals';
import { PageError } from '../pages/page-error.js';
import { readLoginRequest } from './login-request.js';

const own = { issuer: 'https://id.example', url: 'https://web.example:7001' };
const read = (query: Record<string, unknown>) => readLoginRequest(query, own);

describe('The query of GET /login', () => {
  it('may be empty: then the sign-in leads to the first page', () => {
    expect(read({ prompt: '' })).toEqual({
      prompt: undefined,
      uiLocales: undefined,
      loginHint: undefined,
      maxAge: undefined,
      returnTo: new URL('https://web.example:7001/'),
    });
  });

  it.each(['login', 'consent', 'select_account', 'create', 'login consent'])('takes prompt=%s', (prompt) => {
    expect(read({ prompt }).prompt).toBe(prompt);
  });

  it.each(['none', 'Login', 'login login', 'login  consent', 'login none', '__proto__'])(
    'refuses prompt=%s',
    (prompt) => {
      expect(() => read({ prompt })).toThrow(/prompt was refused/);
    },
  );

  it('takes a number of seconds as max_age, and nothing else', () => {
    expect(read({ max_age: '300' }).maxAge).toBe(300);
    for (const max_age of ['-1', '1.5', 'now', '1e3', '1234567890']) {
      expect(() => read({ max_age })).toThrow(/max_age was refused/);
    }
  });

  it.each(['https://evil.example', 'https://id.example/', 'HTTPS://id.example'])('refuses iss=%s', (iss) => {
    expect(() => read({ iss })).toThrow(/iss was refused/);
  });

  it('takes the iss of its issuer', () => {
    expect(() => read({ iss: own.issuer })).not.toThrow();
  });

  it.each([
    ['/', '/'],
    ['/?a=b#c', '/?a=b#c'],
    ['orders', '/orders'],
    ['https://web.example:7001/orders', '/orders'],
    ['https://web.example:7001//evil.example', '//evil.example'],
    ['/..//evil.example', '//evil.example'],
    ['https:evil.example', '/evil.example'],
  ])('takes target_link_uri=%s as an absolute address of its own', (target, path) => {
    expect(read({ target_link_uri: target }).returnTo.href).toBe(`https://web.example:7001${path}`);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    String.raw`/\evil.example`,
    String.raw`\\evil.example`,
    '/\t/evil.example',
    'https://web.example:7001@evil.example',
    'https://web.example:7001.evil.example',
    'https://web.example',
    'http://web.example:7001',
    'https://user@web.example:7001/',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://',
  ])('refuses target_link_uri=%s: no way out of here (OpenID Connect Core §4)', (target) => {
    expect(() => read({ target_link_uri: target })).toThrow(/target_link_uri was refused/);
  });

  it.each(['de', 'de-AT en', 'zh-Hant-TW'])('takes ui_locales=%s', (locales) => {
    expect(read({ ui_locales: locales }).uiLocales).toBe(locales);
  });

  it.each(['de,en', ' de', 'de&prompt=none', '<de>', 'x'.repeat(36)])('refuses ui_locales=%s', (locales) => {
    expect(() => read({ ui_locales: locales })).toThrow(/ui_locales was refused/);
  });

  it.each(['a\nb', 'x'.repeat(321)])('refuses %j as a login_hint', (hint) => {
    expect(() => read({ login_hint: hint })).toThrow(/login_hint was refused/);
  });

  it('names what was sent twice', () => {
    expect(() => read({ prompt: ['login', 'login'] })).toThrow(
      new PageError(400, '', 'The parameter prompt was sent more than once.'),
    );
  });
});
