import { type SigningAlgorithm, signingAlgorithms } from '@tessera/protocol';
import { ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { IsKeySet, type KeySet } from './key-set.js';
import { IsIdentifier, IsScopeName, IsSeconds, IsWebUrl } from './validation-rules.js';

/** Another server whose JWTs count here: as assertions (RFC 7523 §2.1), and as tokens to exchange (RFC 8693). */
export class TrustedIssuer {
  /** Its name, exactly as it stands in `iss`. */
  @IsWebUrl()
  issuer!: string;

  /** Its public keys, where they are known beforehand: a JWK Set. Either this or `jwksUri`. */
  @IsOptional()
  @IsKeySet()
  jwks?: KeySet;

  /** Where its public keys are fetched. */
  @IsOptional()
  @IsWebUrl()
  jwksUri?: string;

  /** The algorithms that its JWTs may be signed with; a key that names its own `alg` allows that one alone. */
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(signingAlgorithms, { each: true })
  algorithms: SigningAlgorithm[] = [...signingAlgorithms];

  /** The clients that may present its JWTs. */
  @IsArray()
  @ArrayNotEmpty()
  @IsIdentifier({ each: true })
  clients: string[] = [];

  /** The API scopes that may come of its JWTs, and of these only those in the client's `allowedScopes`. */
  @IsArray()
  @ArrayNotEmpty()
  @IsScopeName({ each: true })
  scopes: string[] = [];

  /** Whether its `sub` is the subject of the person here. False: the `AssertedSubjects` of the application says who is meant, and without one nobody is. */
  @IsBoolean()
  sameSubjects = false;

  /** Seconds from now in which a JWT must end: what is good for longer is refused. */
  @IsSeconds(1)
  longestLife = 300;

  constructor(init: Pick<TrustedIssuer, 'issuer' | 'clients' | 'scopes'> & Partial<TrustedIssuer>) {
    Object.assign(this, init);
  }
}
