/** What the holder of a token has to prove with each use, as the `cnf` claim says it (RFC 7800 §3.1): the key of a DPoP proof or a certificate. */
export interface Confirmation {
  /** The thumbprint of the key that DPoP proofs are signed with (RFC 9449 §6.1, RFC 7638). */
  readonly jkt?: string;
  /** The thumbprint of the client's certificate (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string;
}

/** Whether who proved the one holds all that the other asks for. */
export function proves(proven: Confirmation | undefined, asked: Confirmation): boolean {
  return (['jkt', 'x5t#S256'] as const).every((name) => asked[name] === undefined || asked[name] === proven?.[name]);
}
