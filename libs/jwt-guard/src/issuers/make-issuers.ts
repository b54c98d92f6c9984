import { Logger } from '@nestjs/common';
import type { GuardHooks } from '../guard/guard-hooks.js';
import { IntrospectionClient } from '../introspection/introspection-client.js';
import { FixedKeySource } from '../keys/fixed-key-source.js';
import { IssuerKeySource } from '../keys/issuer-key-source.js';
import { IssuerMetadata } from '../keys/issuer-metadata.js';
import type { KeySource } from '../keys/key-source.js';
import type { GuardSettings } from '../options/guard-settings.js';
import type { IssuerSettings } from '../options/issuer-settings.js';
import type { TokenIntrospector } from '../token/token-introspector.js';
import { ListedIssuers } from './listed-issuers.js';
import { ResolvedIssuers } from './resolved-issuers.js';
import { TrustedIssuer } from './trusted-issuer.js';
import type { TrustedIssuers } from './trusted-issuers.js';

const logger = new Logger('JwtGuard');

/** The issuers of the settings, each with its keys. */
export function makeIssuers(settings: GuardSettings, hooks: GuardHooks): TrustedIssuers {
  const trust = (issuer: IssuerSettings): TrustedIssuer => makeIssuer(issuer, hooks);
  const listed = new ListedIssuers(settings.issuers.map(trust));
  return settings.hasResolver
    ? new ResolvedIssuers(listed, {
        resolve: (issuer) => settings.resolve(issuer),
        trust,
        resolvedLifetime: settings.resolvedLifetime,
        clock: settings.clock,
        // The name is the sender's: quoted and shortened.
        onFailure: (issuer, error) =>
          logger.warn(`The issuer ${JSON.stringify(issuer.slice(0, 200))} cannot be looked up: ${error.message}`),
      })
    : listed;
}

function makeIssuer(settings: IssuerSettings, hooks: GuardHooks): TrustedIssuer {
  const metadata = new IssuerMetadata(settings);
  return new TrustedIssuer(settings, keysOf(settings, metadata, hooks), introspectorOf(settings, metadata, hooks));
}

function keysOf(settings: IssuerSettings, metadata: IssuerMetadata, hooks: GuardHooks): KeySource {
  const { issuer, jwks } = settings;
  if (jwks) return new FixedKeySource(jwks);
  return new IssuerKeySource(settings, metadata, {
    onFetched: () => hooks.keysFetched(issuer),
    onFailure: (error) => hooks.keysFailed(issuer, error),
  });
}

function introspectorOf(
  settings: IssuerSettings,
  metadata: IssuerMetadata,
  hooks: GuardHooks,
): TokenIntrospector | undefined {
  const { introspection } = settings;
  if (!introspection) return undefined;
  const endpoint = (): Promise<string> => metadata.introspectionEndpoint(introspection.endpoint);
  return new IntrospectionClient({ ...settings, ...introspection }, endpoint, (error) =>
    hooks.introspectionFailed(settings.issuer, error),
  );
}
