import { Inject, Injectable } from '@nestjs/common';
import { AssertedSubjects, type Person } from '@tessera/grant-types';
import { decodeObject, JwsError, splitCompactJws, type VerificationKey, verifyCompactJws } from '@tessera/jws';
import { type Client, Clock, type TrustedIssuer } from '@tessera/resource-model';
import { endpointUrls } from '../http/endpoint-url.js';
import { ClientKeys } from '../keys/client-keys.js';
import { KeyUnavailableError } from '../keys/key-holder.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import type { Claims } from './claims.js';
import { claimsFault, headerFault } from './trusted-jwt-rules.js';

/** A JWT of another server that counts here. */
export interface TrustedJwt {
  readonly issuer: TrustedIssuer;
  readonly claims: Claims & { readonly exp: number };
  /** The person here. */
  readonly person: Person;
}

/** A JWT does not count here. The message says why, and quotes nothing that is secret. */
export class TrustedJwtError extends Error {
  override readonly name = 'TrustedJwtError';
}

/** Reads the JWTs of servers that are trusted: assertions (RFC 7523 §3), and tokens to exchange. */
@Injectable()
export class TrustedJwtReader {
  private readonly audiences: readonly string[];

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: ClientKeys,
    private readonly subjects: AssertedSubjects,
    private readonly clock: Clock,
  ) {
    // RFC 7523 §3 (3): the address of the token endpoint as well.
    this.audiences = [options.issuer, ...endpointUrls(options, 'token')];
  }

  /** Those whose JWTs the client may present. */
  trustedFor({ clientId }: Client): readonly TrustedIssuer[] {
    return this.options.trustedIssuers.filter(({ clients }) => clients.includes(clientId));
  }

  /** @throws TrustedJwtError */
  async read(jwt: string, client: Client): Promise<TrustedJwt> {
    const { header, claims } = unverified(jwt);
    // RFC 3986 §6.2.1: compared as texts. The name says whose keys are asked for, and the signature whether it is true.
    const issuer = this.trustedFor(client).find((trusted) => trusted.issuer === claims.iss);
    if (!issuer) throw new TrustedJwtError('its iss is nobody who is trusted for this client');
    const now = this.clock.now();
    refuse(headerFault(header, issuer));
    await this.checkSignature(jwt, header, issuer);
    refuse(claimsFault(claims, issuer, { now, audiences: this.audiences }));
    const subject = await this.subjects.subjectOf(issuer, claims);
    if (subject === undefined) throw new TrustedJwtError('its sub is nobody who is known here');
    const authentication = { time: signedInAt(claims, now), methods: [] };
    return { issuer, claims: claims as TrustedJwt['claims'], person: { subject, authentication } };
  }

  private async checkSignature(jwt: string, header: Claims, issuer: TrustedIssuer): Promise<void> {
    const candidates = await this.keys.candidates(issuer, { alg: header.alg, kid: header.kid }).catch(unavailable);
    if (!candidates.some((key) => isSignedBy(jwt, key))) {
      throw new TrustedJwtError('its signature is not that of a key of its issuer');
    }
  }
}

function unverified(jwt: string): { header: Claims; claims: Claims } {
  try {
    const { header, payload } = splitCompactJws(jwt);
    return { header: decodeObject(header), claims: decodeObject(payload) };
  } catch (error) {
    if (error instanceof JwsError) throw new TrustedJwtError('it is no signed JWT', { cause: error });
    throw error;
  }
}

function isSignedBy(jwt: string, key: VerificationKey): boolean {
  try {
    verifyCompactJws(jwt, key);
    return true;
  } catch (error) {
    if (error instanceof JwsError) return false;
    throw error;
  }
}

/** Why there is no key is for the log: it names addresses. */
function unavailable(cause: unknown): never {
  if (!(cause instanceof KeyUnavailableError)) throw cause;
  throw new TrustedJwtError('no key of its issuer fits', { cause });
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new TrustedJwtError(fault);
}

/** When the person signed in there; where the issuer does not say, it vouches for the person at the time of the JWT. */
function signedInAt({ auth_time: signedIn, iat }: Claims, now: number): number {
  const time = [signedIn, iat].find((value) => typeof value === 'number' && Number.isFinite(value)) as
    number | undefined;
  return Math.min(Math.floor(time ?? now), now);
}
