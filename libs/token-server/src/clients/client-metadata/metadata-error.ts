import { OAuthError } from '@tessera/protocol';

/** RFC 7591 §3.2.2: a refusal that names the member. */
export function refusedMember(name: string, problem: string, cause?: unknown): OAuthError {
  const code = name === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  return new OAuthError(code, `${name}: ${problem}`, { cause });
}
