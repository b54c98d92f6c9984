import { authorizationToken, maxBearerLength, OAuthError, Parameter } from '@tessera/protocol';
import { decodeForm, isForm } from './decode.js';
import type { HttpRequest } from './message.js';

/** An access token as it was sent to one of our endpoints. */
export interface PresentedToken {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
}

class AccessTokenParams {
  @Parameter({ maxLength: maxBearerLength })
  accessToken?: string;
}

/**
 * RFC 6750 §2.1 and §2.2: in the header or in a form, not in both; never in the URL (§2.3). Undefined where there is none.
 * @throws OAuthError `invalid_request`
 */
export function presentedToken(request: HttpRequest): PresentedToken | undefined {
  const inHeader = ofHeader(request.headers.authorization);
  const token =
    request.method === 'POST' && isForm(request) ? decodeForm(AccessTokenParams, request).accessToken : undefined;
  if (inHeader !== undefined && token !== undefined) {
    throw new OAuthError(
      'invalid_request',
      'The access token was sent twice: in the Authorization header and in the form.',
    );
  }
  return inHeader ?? (token === undefined ? undefined : { scheme: 'Bearer', token });
}

function ofHeader(header: string | undefined): PresentedToken | undefined {
  for (const scheme of ['Bearer', 'DPoP'] as const) {
    const token = authorizationToken(header, scheme);
    if (token !== undefined) return { scheme, token };
  }
  return undefined;
}
