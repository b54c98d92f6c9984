import type { AuthorizationDetail, AuthorizationDetailType } from '@tessera/resource-model';

/** What an authorization detail must be, and when one asks for no more than another (RFC 9396 §5 and §6). */
export abstract class DetailRules {
  /** What is wrong with a detail by the schema of its type, for the client to read; undefined: nothing. */
  abstract faultOf(type: AuthorizationDetailType, detail: AuthorizationDetail): string | undefined;

  /** Whether a detail that is asked for later lies within one that was granted; both are of the type. */
  abstract isWithin(
    type: AuthorizationDetailType,
    asked: AuthorizationDetail,
    granted: AuthorizationDetail,
  ): boolean | Promise<boolean>;
}
