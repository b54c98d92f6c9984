import type { HttpAnswer, HttpRequest } from '../http-client.js';

/** A request with an access token (RFC 6750 §2.1). */
export function bearer(method: HttpRequest['method'], url: string, token: string): HttpRequest {
  return { method, url, authorization: { scheme: 'Bearer', token } };
}

/** What the challenge of a refusal says by one of its parameters (RFC 6750 §3). */
export function challengeOf({ headers }: HttpAnswer, parameter: string): string | undefined {
  return new RegExp(String.raw`[ ,]${parameter}="([^"]*)"`).exec(headers['www-authenticate'] ?? '')?.[1];
}
