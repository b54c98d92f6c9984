import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, customFetch as joseFetch, type JWTVerifyGetKey } from 'jose';
import * as openid from 'openid-client';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { outgoingFetch } from '../http/outgoing-fetch.js';

/** What this application knows about its issuer. */
export interface KnownIssuer {
  readonly configuration: openid.Configuration;
  readonly metadata: Readonly<openid.ServerMetadata>;
  /** The issuer's public keys, fetched when needed and kept for a while. */
  readonly keys: JWTVerifyGetKey;
}

/** The issuer: discovered when it is needed first, so that it may start later than this application, and kept from then on. */
@Injectable()
export class Issuer {
  /** Milliseconds between the tries, while a person is waiting. */
  private static readonly pauses = [250, 750];
  private discovered: Promise<KnownIssuer> | undefined;

  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  /** Rejects with what the discovery failed with; the next call tries again. */
  known(): Promise<KnownIssuer> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }

  private async discover(): Promise<KnownIssuer> {
    for (const pause of Issuer.pauses) {
      try {
        return await this.discoverOnce();
      } catch {
        await delay(pause);
      }
    }
    return this.discoverOnce();
  }

  private async discoverOnce(): Promise<KnownIssuer> {
    const { issuer, clientId, clientSecret } = this.environment;
    const isPlainHttp = issuer.startsWith('http:');
    const configuration = await openid.discovery(
      new URL(issuer),
      clientId,
      undefined,
      openid.ClientSecretBasic(clientSecret),
      {
        // The id_token comes by TLS from the issuer itself, which would do (OpenID Connect Core §3.1.3.7); its signature is checked as well.
        execute: [openid.enableNonRepudiationChecks, ...(isPlainHttp ? [openid.allowInsecureRequests] : [])],
        [openid.customFetch]: (url, init) => outgoingFetch(url, init),
        timeout: 10,
      },
    );
    const metadata = configuration.serverMetadata();
    // The library does not mind a slash at the end; `iss` in logout tokens and sign-in links is compared exactly.
    if (metadata.issuer !== issuer) {
      throw new Error(
        `WEB_ISSUER is '${issuer}', and that server calls itself '${metadata.issuer}': write it exactly so.`,
      );
    }
    return { configuration, metadata, keys: keysAt(metadata.jwks_uri, isPlainHttp) };
  }
}

function keysAt(uri: string | undefined, isPlainHttp: boolean): JWTVerifyGetKey {
  const url = new URL(uri ?? 'about:blank');
  if (url.protocol !== 'https:' && !(isPlainHttp && url.protocol === 'http:')) {
    throw new Error('The issuer has no jwks_uri that begins with https.');
  }
  return createRemoteJWKSet(url, { [joseFetch]: outgoingFetch });
}
