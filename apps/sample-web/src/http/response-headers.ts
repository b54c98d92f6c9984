import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * In front of every answer: no script at all, nothing in a frame, nothing kept by a cache. There is no HSTS: on localhost it would
 * hold for every port, and lock out whatever speaks plain http there.
 */
export function setResponseHeaders(app: NestFastifyApplication, issuer: string): void {
  const headers = responseHeaders(issuer);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers);
      done();
    });
}

export function responseHeaders(issuer: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    // The form that signs out is answered with a redirect to the issuer, which browsers measure by this rule as well.
    `form-action 'self' ${new URL(issuer).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'cache-control': 'no-store',
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // The address of the callback holds a code until the next redirect.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
