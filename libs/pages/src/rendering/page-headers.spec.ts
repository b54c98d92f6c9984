import { describe, expect, it } from '@jest/globals';
import type { HttpReply } from '@tessera/token-server';
import { type PagePolicy, setPageHeaders } from './page-headers.js';

function headersFor(policy: PagePolicy): Record<string, string> {
  const headers: Record<string, string> = {};
  setPageHeaders({ header: (name: string, value: string) => (headers[name] = value) } as unknown as HttpReply, policy);
  return headers;
}

describe('The headers of a page', () => {
  it('let nothing in that the page does not use', () => {
    expect(headersFor({})).toMatchObject({
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
  });

  it('leave an application that opened a popup in sight of it', () => {
    expect(headersFor({})).not.toHaveProperty('Cross-Origin-Opener-Policy');
  });

  it('let a form lead to whatever scheme the client is answered at, and frames to the places named, once', () => {
    const policy = headersFor({
      formTargets: ['https://app.example.com/callback', 'com.example.app:/callback', 'https://app.example.com'],
      frames: ['https://a.example/out?sid=1', 'https://b.example:8443'],
      scripts: true,
      fonts: true,
    })['Content-Security-Policy'];
    expect(policy).toContain("form-action 'self' https: com.example.app:;");
    expect(policy).toContain('frame-src https://a.example https://b.example:8443;');
    expect(policy).toContain("script-src 'self'; font-src 'self';");
  });

  it('cannot be widened by what a client registered', () => {
    const hostile = [
      "https://a.example; script-src 'unsafe-inline'",
      "x;script-src 'unsafe-inline':",
      '*',
      "'unsafe-inline'",
      'http://[::1]',
      'a b',
      'data:',
      'javascript:x',
    ];
    const narrow = headersFor({})['Content-Security-Policy']!;
    expect(headersFor({ frames: hostile })['Content-Security-Policy']).toBe(narrow);
    expect(headersFor({ formTargets: hostile })['Content-Security-Policy']).toBe(
      narrow.replace("form-action 'self'", "form-action 'self' http:"),
    );
  });
});
