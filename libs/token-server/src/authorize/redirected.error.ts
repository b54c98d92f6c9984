import type { OAuthError } from '@tessera/protocol';
import type { AuthorizeTarget } from './authorize-request.js';
import type { ResponseMode } from './response-modes.js';

/** A refusal that goes back to the client, because who it is and where it listens is beyond doubt (RFC 6749 §4.1.2.1). */
export class RedirectedError extends Error {
  constructor(
    readonly target: AuthorizeTarget & { readonly responseMode: ResponseMode; readonly state?: string },
    override readonly cause: OAuthError,
  ) {
    super(cause.message);
  }
}
