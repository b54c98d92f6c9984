import type { IntrospectionSettings } from '../options/issuer-settings.js';

type Credentials = Pick<IntrospectionSettings, 'clientId' | 'clientSecret' | 'authMethod'>;

/**
 * Makes the introspection request for a token (RFC 7662 §2.1). The credentials stay in here: what is logged of a client
 * cannot show them.
 */
export function introspectionRequests({
  clientId,
  clientSecret,
  authMethod,
}: Credentials): (token: string) => RequestInit {
  const usesBasic = authMethod === 'client_secret_basic';
  // JSON and nothing else: a signed answer (RFC 9701) would have to be checked in other ways.
  const headers = { accept: 'application/json', ...(usesBasic && { authorization: basic(clientId, clientSecret) }) };
  const credentials: Record<string, string> = usesBasic ? {} : { client_id: clientId, client_secret: clientSecret };
  return (token) => ({
    method: 'POST',
    headers,
    body: new URLSearchParams({ token, token_type_hint: 'access_token', ...credentials }),
  });
}

/** RFC 6749 §2.3.1: name and secret are form-encoded each, before they are joined by the colon. */
function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
