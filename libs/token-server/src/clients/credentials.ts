import { OAuthError, Parameter, type TokenEndpointAuthMethod } from '@tessera/protocol';
import { decodeForm } from '../http/decode.js';
import type { HttpRequest } from '../http/message.js';

/** What a caller showed of itself: not yet believed. */
export interface Credentials {
  readonly id: string;
  readonly secret?: string;
  readonly method: TokenEndpointAuthMethod;
}

class CredentialParams {
  @Parameter({ maxLength: 200 })
  clientId?: string;

  @Parameter({ maxLength: 512 })
  clientSecret?: string;
}

/**
 * Reads the one way in which the caller authenticates (RFC 6749 §2.3): Basic, post or none.
 * @throws OAuthError `invalid_request` for two ways at once, `invalid_client` for none that can be read
 */
export function readCredentials(request: HttpRequest): Credentials {
  const { clientId, clientSecret } = decodeForm(CredentialParams, request);
  const basic = readBasic(request.headers.authorization);
  if (basic) {
    if (clientSecret !== undefined) {
      throw new OAuthError(
        'invalid_request',
        'The client authenticates in two ways at once: use the Authorization header or client_secret.',
      );
    }
    if (clientId !== undefined && clientId !== basic.id) {
      throw new OAuthError('invalid_request', 'client_id differs from the one in the Authorization header.');
    }
    return basic;
  }
  if (clientId === undefined) {
    throw new OAuthError('invalid_client', 'The request shows no client: send client_id, or an Authorization header.');
  }
  return clientSecret === undefined
    ? { id: clientId, method: 'none' }
    : { id: clientId, secret: clientSecret, method: 'client_secret_post' };
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined and base64-encoded. */
function readBasic(header: string | undefined): Credentials | undefined {
  if (header === undefined) return undefined;
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
  return { id, secret, method: 'client_secret_basic' };
}

function formDecode(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
