import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { Clock } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import type { CredentialReader, Credentials } from './credentials.js';
import { secretFault } from './secret-match.js';

/** `client_secret_basic`: id and secret in the Authorization header (RFC 6749 §2.3.1). */
@Injectable()
export class BasicReader implements CredentialReader {
  constructor(private readonly clock: Clock) {}

  read({ headers: { authorization } }: HttpRequest): Credentials | undefined {
    if (authorization === undefined) return undefined;
    const { id, secret } = readHeader(authorization);
    return {
      method: 'client_secret_basic',
      id,
      secret,
      faultFor: (client) => secretFault(client, secret, this.clock.now()),
    };
  }
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined and base64-encoded. */
function readHeader(header: string): { id: string; secret: string } {
  const pair = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.slice(0, 4096));
  const decoded = pair ? Buffer.from(pair[1]!, 'base64').toString('utf8') : '';
  const colon = decoded.indexOf(':');
  const id = colon > 0 ? formDecode(decoded.slice(0, colon)) : undefined;
  const secret = colon > 0 ? formDecode(decoded.slice(colon + 1)) : undefined;
  if (id === undefined || secret === undefined) {
    throw new OAuthError(
      'invalid_client',
      'The Authorization header must be Basic base64(form-encoded id:form-encoded secret).',
    );
  }
  return { id, secret };
}

function formDecode(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
