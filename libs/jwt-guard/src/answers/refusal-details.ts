import type { AccessTokenError, AccessTokenErrorCode } from '../token/access-token.error.js';

/** An AccessRefusedException. */
export interface Refusal {
  readonly code: AccessTokenErrorCode;
  readonly message: string;
  readonly cause?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  getStatus(): number;
  getResponse(): string | object;
}

/** What a caller can act upon, where there are no headers: the parameters of a challenge under the same names. */
interface RefusalBody {
  /** Absent where no token was sent (RFC 6750 §3.1). */
  readonly error?: string;
  readonly error_description: string;
  /** RFC 6750 §3. */
  readonly scope?: string;
  /** RFC 9470 §3. */
  readonly acr_values?: string;
  readonly max_age?: number;
  /** Seconds. */
  readonly retry_after?: number;
}

export function refusalBody(refusal: Refusal): RefusalBody {
  const { requiredScopes, acrValues, maxAge, retryAfter } = (refusal.cause as AccessTokenError).details;
  const { error } = refusal.getResponse() as { error?: string };
  return {
    ...(error !== undefined && { error }),
    error_description: refusal.message,
    ...(requiredScopes && { scope: requiredScopes.join(' ') }),
    ...(acrValues && { acr_values: acrValues.join(' ') }),
    ...(maxAge !== undefined && { max_age: maxAge }),
    ...(retryAfter !== undefined && { retry_after: retryAfter }),
  };
}
