import { type Guide, memberOf } from '../guide.js';

/** What the rest of the walk needs to know of the server; it guesses no address. */
export interface Discovered {
  readonly issuer: string;
  readonly token: string;
  readonly userinfo: string;
  readonly introspection: string;
  readonly revocation: string;
  readonly deviceAuthorization: string;
  /** The names of the published keys. */
  readonly keyIds: readonly string[];
}

/** OpenID Connect Discovery §4: everything follows from the issuer. */
export async function readDiscovery(guide: Guide, issuer: string): Promise<Discovered> {
  guide.chapter('1. Discovery', 'A client knows the issuer; the rest it reads here.');
  const document = await guide.ask({ method: 'GET', url: `${issuer}/.well-known/openid-configuration` });
  guide.expect('status', document.status, 200);
  guide.expect('issuer', memberOf(document, 'issuer'), issuer);
  const grants = memberOf(document, 'grant_types_supported');
  for (const grant of ['client_credentials', 'password', 'refresh_token']) {
    guide.check(`the grant ${grant} is offered`, Array.isArray(grants) && grants.includes(grant));
  }
  return {
    issuer,
    token: guide.take(document, 'token_endpoint'),
    userinfo: guide.take(document, 'userinfo_endpoint'),
    introspection: guide.take(document, 'introspection_endpoint'),
    revocation: guide.take(document, 'revocation_endpoint'),
    deviceAuthorization: guide.take(document, 'device_authorization_endpoint'),
    keyIds: await readKeys(guide, guide.take(document, 'jwks_uri')),
  };
}

async function readKeys(guide: Guide, url: string): Promise<string[]> {
  guide.say('', 'The public keys with which an API verifies tokens by itself:');
  const answer = await guide.ask({ method: 'GET', url });
  guide.expect('status', answer.status, 200);
  const keys = (memberOf(answer, 'keys') ?? []) as readonly Record<string, unknown>[];
  guide.check('there is a key', keys.length > 0);
  // RFC 7518 §6: `d` is the private half of RSA, EC and OKP keys, `k` is a symmetric key.
  guide.check('no key is private', !keys.some((key) => 'd' in key || 'k' in key));
  return keys.map(({ kid }) => String(kid));
}
