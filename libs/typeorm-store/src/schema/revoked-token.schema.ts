import { EntitySchema } from 'typeorm';
import { key, optional, seconds, text } from './columns.js';

/** An entry of the list of what was taken back. */
export interface RevokedToken {
  readonly id: string;
  readonly expiresAt: number;
  /** None: all of it is meant, whenever it was issued. */
  readonly issuedUpTo?: number;
}

export const revokedTokenSchema = new EntitySchema<RevokedToken>({
  name: 'revoked_tokens',
  columns: {
    id: text('id', key),
    expiresAt: seconds('expires_at'),
    issuedUpTo: seconds('issued_up_to', optional),
  },
  indices: [{ name: 'revoked_tokens_end', columns: ['expiresAt'] }],
});
