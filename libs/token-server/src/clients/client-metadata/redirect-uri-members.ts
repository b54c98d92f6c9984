import { isHostAmong } from '@tessera/resource-model';
import { refusedMember } from './metadata-error.js';
import { listOf, type MetadataContext, type MetadataMember } from './metadata-member.js';

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** RFC 8252 §7.1: named for a domain of the application's maker, backwards. */
const ownScheme = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

type UriContext = Pick<MetadataContext, 'sent' | 'policy'>;

/** RFC 7591 §2: where answers may be sent. */
export const redirectUris = uriMember('redirect_uris', 'redirectUris');

/** OpenID Connect RP-Initiated Logout §3.1: where people may be sent after signing out, by the same rules. */
export const postLogoutRedirectUris = uriMember('post_logout_redirect_uris', 'postLogoutRedirectUris');

function uriMember(name: string, property: 'redirectUris' | 'postLogoutRedirectUris'): MetadataMember {
  return {
    name,
    properties: [property],
    read: (value, context) => {
      if (value === undefined) return {};
      const uris = listOf(name, value);
      for (const uri of uris) {
        const problem = redirectUriProblem(uri, context);
        if (problem !== undefined) throw refusedMember(name, `'${uri}' ${problem}`);
      }
      return { [property]: uris };
    },
    write: (client) => (client[property].length > 0 ? client[property] : undefined),
  };
}

/**
 * Which kind of application this one is: what it says. RFC 7591 knows no `application_type`, and clients that were written for it leave it out; the default of
 * OpenID Connect Registration §2, `web`, would shut them out where the policy lets native applications in.
 */
function isNative({ sent, policy }: UriContext): boolean {
  return (sent.application_type ?? 'native') === 'native' && policy.applicationTypes.includes('native');
}

/** OpenID Connect Registration §2 (`application_type`), RFC 8252 §7, RFC 9700 §4.1.3. */
export function redirectUriProblem(uri: string, context: UriContext): string | undefined {
  if (!URL.canParse(uri)) return 'is not an absolute URI';
  const url = new URL(uri);
  if (uri.includes('#')) return 'has a fragment (RFC 6749 §3.1.2)';
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\/[^/?]*@/i.test(uri)) return 'must not name a user';
  if (url.protocol === 'https:') return problemOfHost(uri, url, context);
  if (!isNative(context)) return 'must be https: anything else is for native applications (application_type)';
  if (url.protocol === 'http:') {
    return loopbackHosts.has(url.hostname) && uri.startsWith(`http://${url.host}`)
      ? undefined
      : 'must be https, or http at a loopback address: http://127.0.0.1/… (RFC 8252 §7.3)';
  }
  return ownScheme.test(url.protocol)
    ? undefined
    : 'must have a scheme named for a domain, backwards: com.example.app:/… (RFC 8252 §7.1)';
}

function problemOfHost(uri: string, url: URL, { policy: { redirectHosts } }: UriContext): string | undefined {
  // Written in another way, it could be read in another way.
  if (!uri.startsWith(`https://${url.host}`)) return `must write its host as '${url.host}'`;
  if (redirectHosts === undefined || isHostAmong(url.hostname, redirectHosts)) return undefined;
  return `must be at one of ${redirectHosts.join(', ')}`;
}
