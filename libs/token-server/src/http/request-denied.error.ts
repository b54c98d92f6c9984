import { OAuthError } from '@tessera/protocol';

/** The server will not ask the person what a client wants to have asked (CIBA Core §13): 403, where `access_denied` is 400 elsewhere. */
export class RequestDeniedError extends OAuthError {
  constructor(description: string) {
    super('access_denied', description);
  }
}
