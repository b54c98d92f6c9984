import { ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsOptional, IsString, MinLength } from 'class-validator';
import { type SigningAlgorithm, signingAlgorithms } from '@tessera/protocol';
import { type Fault, faultsOf } from './configuration/fault.js';
import { withheld } from './configuration/shown-value.js';
import { IsSeconds } from './validation-rules.js';

/** What is asked of DPoP proofs, with which clients bind tokens to a key of theirs (RFC 9449). */
export class DpopRules {
  /** The algorithms that proofs may be signed with: those of FAPI 2.0 Security Profile §5.4.1, unless others are wanted. */
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(signingAlgorithms, { each: true })
  algorithms: SigningAlgorithm[] = ['ES256', 'EdDSA', 'PS256'];

  /** Seconds that a proof counts after it was made. */
  @IsSeconds(1)
  proofLifetime = 60;

  /** Seconds that the clocks of clients and of this server's nodes may differ. */
  @IsSeconds(0)
  clockTolerance = 10;

  /** Whether each proof must carry a nonce of this server (RFC 9449 §8), so that none can be made in advance; a client's first request then costs one more. */
  @IsBoolean()
  requireNonce = false;

  /**
   * What nonces are computed with: 32 random characters or more, the same at all nodes, so that each knows the nonces of the others. Needed with
   * `requireNonce`.
   */
  @IsOptional()
  @IsString()
  @MinLength(32)
  nonceSecret?: string;

  constructor(init: Partial<DpopRules> = {}) {
    Object.assign(this, init);
  }
}

/** What is wrong with the rules, one by one and together; of the secret only that. */
export function dpopRuleFaults(rules: DpopRules): Fault[] {
  const own = faultsOf(rules, 'dpop').map((fault) => (fault.path === secret ? { ...fault, value: withheld } : fault));
  if (own.length > 0 || !rules.requireNonce || rules.nonceSecret !== undefined) return own;
  // With a secret of its own each node would refuse the nonces of the others, and clients would go round in circles.
  const problem = 'is needed for requireNonce, the same at all nodes: e.g. openssl rand -base64 32';
  return [{ path: secret, value: undefined, problem }];
}

const secret = 'dpop.nonceSecret';
