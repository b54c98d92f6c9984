interface FailureDetails {
  readonly cause?: unknown;
  readonly concernsIssuer?: boolean;
  readonly retryAfter?: number | undefined;
}

/** The issuer said nothing about a token. The message is for the log and quotes neither token nor secret. */
export class IntrospectionFailure extends Error {
  override readonly name = 'IntrospectionFailure';
  /** Whether other tokens would fare no better: the issuer is away, or does not accept us. */
  readonly concernsIssuer: boolean;
  /** Seconds, where the issuer named them. */
  readonly retryAfter: number | undefined;

  constructor(message: string, { cause, concernsIssuer = false, retryAfter }: FailureDetails = {}) {
    super(message, { cause });
    this.concernsIssuer = concernsIssuer;
    this.retryAfter = retryAfter;
  }

  /** What went wrong while this issuer was asked. */
  static of(issuer: string, error: unknown): IntrospectionFailure {
    const { message } = error as Error;
    const details = error instanceof IntrospectionFailure ? error : { cause: error };
    return new IntrospectionFailure(`Introspection by ${issuer} failed: ${message}`, details);
  }
}
