import { createHash } from 'node:crypto';

/** A public JSON document: made once, sent many times. */
export interface PublishedDocument {
  readonly body: string;
  readonly etag: string;
}

export function publish(document: object): PublishedDocument {
  const body = JSON.stringify(document);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}
