import { challenge, printableDescription } from '@tessera/protocol';
import type { GuardSettings } from '../options/guard-settings.js';
import type { Credentials } from '../presentation/read-credentials.js';
import type { AccessTokenError, AccessTokenErrorCode } from '../token/access-token.error.js';
import { AccessRefusedException, type Answer } from './access-refused.exception.js';
import { resourceMetadataUrl } from '../resource-metadata/resource-metadata-url.js';

interface Word {
  readonly status: number;
  readonly error: string;
}

/** How each refusal is said (RFC 6750 §3.1, RFC 9449 §7.1, RFC 9470 §3); every other one is a 401 `invalid_token`. */
const words: Partial<Record<AccessTokenErrorCode, Word>> = {
  request_malformed: { status: 400, error: 'invalid_request' },
  scope_insufficient: { status: 403, error: 'insufficient_scope' },
  role_insufficient: { status: 403, error: 'access_denied' },
  claims_insufficient: { status: 403, error: 'access_denied' },
  authentication_insufficient: { status: 401, error: 'insufficient_user_authentication' },
  proof_invalid: { status: 401, error: 'invalid_dpop_proof' },
  proof_replayed: { status: 401, error: 'invalid_dpop_proof' },
  nonce_required: { status: 401, error: 'use_dpop_nonce' },
  issuer_unavailable: { status: 503, error: 'temporarily_unavailable' },
  replay_store_unavailable: { status: 503, error: 'temporarily_unavailable' },
};
const usual: Word = { status: 401, error: 'invalid_token' };

/** More scopes or another sign-in can be asked for; other rights cannot, and no challenge leads to them (RFC 6750 §3). */
const unchallenged: ReadonlySet<AccessTokenErrorCode> = new Set([
  'role_insufficient',
  'claims_insufficient',
  'issuer_unavailable',
]);

/** Turns refusals into answers that tell a client what to do (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3, RFC 9728 §5.1). */
export class Refusals {
  private readonly everyChallenge: Readonly<Record<string, string | undefined>>;
  private readonly schemes: readonly Credentials['scheme'][];
  private readonly algs: string;

  constructor(settings: Pick<GuardSettings, 'realm' | 'dpop' | 'resourceMetadata'>) {
    const { realm, dpop, resourceMetadata } = settings;
    this.everyChallenge = {
      realm,
      resource_metadata: resourceMetadata && resourceMetadataUrl(resourceMetadata.resource),
    };
    this.schemes = { off: ['Bearer'], allowed: ['Bearer', 'DPoP'], required: ['DPoP'] }[
      dpop.mode
    ] as Credentials['scheme'][];
    this.algs = dpop.algorithms.join(' ');
  }

  /** `scheme`: the one that the request used, where it used one. */
  refuse(error: AccessTokenError, scheme?: Credentials['scheme']): AccessRefusedException {
    const { status, error: oauthError } = words[error.code] ?? usual;
    const description = printableDescription(error.message);
    const answer: Answer = {
      status,
      description,
      headers: this.headersFor(error, scheme, oauthError, description),
      // RFC 6750 §3.1: who has sent no token gets no error code, but what Nest answers to any unauthenticated request.
      body:
        error.code === 'token_missing'
          ? { statusCode: 401, message: 'Unauthorized' }
          : { error: oauthError, error_description: description },
    };
    return new AccessRefusedException(error, answer);
  }

  private headersFor(
    error: AccessTokenError,
    scheme: Credentials['scheme'] | undefined,
    oauthError: string,
    description: string,
  ): Record<string, string> {
    const { retryAfter, nonce } = error.details;
    if (oauthError === 'temporarily_unavailable') return { 'Retry-After': String(retryAfter ?? 1) };
    if (unchallenged.has(error.code)) return {};
    const parameters = error.code === 'token_missing' ? {} : parametersOf(error, oauthError, description);
    return {
      'WWW-Authenticate': this.challenges(scheme, parameters),
      ...(nonce !== undefined && { 'DPoP-Nonce': nonce, 'Cache-Control': 'no-store' }),
    };
  }

  /** One challenge for each scheme that is accepted (RFC 9449 §7.2); the error goes with the scheme that was used. */
  private challenges(used: Credentials['scheme'] | undefined, parameters: Record<string, string | undefined>): string {
    const faulty = used !== undefined && this.schemes.includes(used) ? used : this.schemes[0];
    return this.schemes
      .map((scheme) =>
        challenge(scheme, {
          ...this.everyChallenge,
          ...(scheme === faulty && parameters),
          ...(scheme === 'DPoP' && { algs: this.algs }),
        }),
      )
      .join(', ');
  }
}

function parametersOf(
  { details }: AccessTokenError,
  oauthError: string,
  description: string,
): Record<string, string | undefined> {
  return {
    error: oauthError,
    error_description: description,
    scope: details.requiredScopes?.join(' '),
    acr_values: details.acrValues?.join(' '),
    max_age: details.maxAge === undefined ? undefined : String(details.maxAge),
  };
}
