import type { HttpReply, HttpRequest } from './message.js';
import type { PublishedDocument } from './published-document.js';

/** Short enough for a new key to be known everywhere soon, long enough for a client not to ask at each start of a page. */
const cacheControl = 'public, max-age=300';

/** Sends a public document, or 304 where the caller has it already (RFC 9110 §13.1.2). */
export function sendDocument({ body, etag }: PublishedDocument, request: HttpRequest, reply: HttpReply): void {
  reply.header('Cache-Control', cacheControl);
  reply.header('ETag', etag);
  if (isKnown(request.headers['if-none-match'], etag)) {
    reply.status(304).send();
    return;
  }
  reply.header('Content-Type', 'application/json; charset=utf-8');
  reply.send(body);
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => ['*', etag, `W/${etag}`].includes(candidate.trim()));
}
