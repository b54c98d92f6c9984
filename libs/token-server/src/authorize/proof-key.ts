import { OAuthError } from '@tessera/protocol';
import type { Client, CodeChallenge } from '@tessera/resource-model';
import type { AuthorizeParams } from './authorize-params.js';

/** RFC 7636 §4.2: SHA-256 makes 43 characters; a plain challenge is the verifier itself, of 43 to 128. */
const forms = { S256: /^[A-Za-z0-9_-]{43}$/, plain: /^[A-Za-z0-9._~-]{43,128}$/ };

/** The proof key that the code will be bound to (RFC 7636 §4.3). @throws OAuthError `invalid_request` (§4.4.1) */
export function readChallenge(params: AuthorizeParams, client: Client): CodeChallenge | undefined {
  const { codeChallenge: value, codeChallengeMethod } = params;
  if (value === undefined) {
    if (codeChallengeMethod !== undefined) throw refused('code_challenge_method was sent without code_challenge.');
    if (client.requirePkce) throw refused('code_challenge is missing: the client must use PKCE (RFC 7636).');
    return undefined;
  }
  const method = codeChallengeMethod ?? 'plain';
  if (method !== 'S256' && !(method === 'plain' && client.allowPlainTextPkce)) {
    throw refused(
      client.allowPlainTextPkce
        ? "code_challenge_method must be 'S256' or 'plain'."
        : "code_challenge_method must be 'S256'; left out it means 'plain', which the client may not use.",
    );
  }
  if (!forms[method].test(value)) {
    throw refused(
      `code_challenge must be ${method === 'S256' ? '43' : '43 to 128'} characters of base64url for ${method}.`,
    );
  }
  return { value, method };
}

function refused(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
