/** One element of `authorization_details` (RFC 9396 §2): what exactly a client may do. Its members are those that its type names. */
export interface AuthorizationDetail {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The types of some elements, each once. */
export function typesOf(details: readonly AuthorizationDetail[] | undefined): string[] {
  return [...new Set(details?.map(({ type }) => type))];
}
