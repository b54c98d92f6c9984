import type { INestApplication } from '@nestjs/common';
import { FakeIssuer, type TokenClaims } from '@tessera/jwt-guard/testing';
import { createApp } from './create-app.js';

/** Where clients find the API of the specs, as if it stood behind a proxy. */
export const publicUrl = 'https://api.example.com';

interface Call {
  method?: string;
  /** What the token says beside the usual claims of the issuer of the specs; null sends none. */
  claims?: TokenClaims | null;
  /** In the place of a token with these claims. */
  headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown;
}

/** The API, with an issuer that it can reach. */
export interface RunningApi {
  readonly app: INestApplication;
  readonly issuer: FakeIssuer;
  call(path: string, call?: Call): Promise<Response>;
  close(): Promise<void>;
}

/** `prepare`: what happens to the issuer before the API starts. */
export async function runApi(prepare?: (issuer: FakeIssuer) => Promise<void>): Promise<RunningApi> {
  const issuer = await FakeIssuer.start({ audience: 'api1', claims: { scope: 'api1' } });
  await prepare?.(issuer);
  const environment = { issuer: issuer.url, audience: 'api1', secret: 'secret', url: publicUrl };
  const app = await createApp({ ...environment, host: '127.0.0.1', port: 0, tls: undefined }, false);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    issuer,
    call(path, { method, claims, headers, body } = {}) {
      const authorization = headers ?? (claims === null ? {} : issuer.headers(claims));
      if (body === undefined) return fetch(`${url}${path}`, { method, headers: authorization });
      return fetch(`${url}${path}`, {
        method: method ?? 'POST',
        headers: { ...authorization, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    },
    async close() {
      await app.close();
      await issuer.close();
    },
  };
}

/** What a WWW-Authenticate says by one of its parameters. */
export function challengeOf(response: Response, parameter: string): string | undefined {
  const challenge = response.headers.get('www-authenticate') ?? '';
  return new RegExp(String.raw`[ ,]${parameter}="([^"]*)"`).exec(challenge)?.[1];
}
