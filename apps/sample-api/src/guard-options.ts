import type { JwtGuardOptions } from '@tessera/jwt-guard';

/** What this API and its guard have to know of the world. */
export interface Trust {
  readonly issuer: string;
  /** The name of this API in the `aud` of tokens, and at the issuer. */
  readonly audience: string;
  /** What this API shows the issuer when it asks about opaque tokens; without it they are refused. */
  readonly secret?: string | undefined;
  /** Where clients find this API; without it there are no metadata of it. */
  readonly url?: string | undefined;
}

/** The whole of the guard's configuration. */
export function guardOptions({ issuer, audience, secret, url }: Trust): JwtGuardOptions {
  return {
    issuer,
    audience,
    dpop: 'allowed',
    ...(secret !== undefined && { introspection: { clientId: audience, clientSecret: secret } }),
    ...(url !== undefined && {
      publicUrl: url,
      resourceMetadata: { resource: url, resourceName: 'My API', resourceDocumentation: `${url}/docs` },
    }),
  };
}
