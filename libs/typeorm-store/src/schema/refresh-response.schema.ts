import type { HandleHash } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { key, seconds, text } from './columns.js';

/** What answered the use of a one-time refresh token, sealed under it, for as long as it may be given again. */
export interface RefreshResponse {
  /** Of the used token. */
  readonly handleHash: HandleHash;
  readonly response: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** Apart from the used tokens: those are kept as long as their family, and weigh a sixth of these. */
export const refreshResponseSchema = new EntitySchema<RefreshResponse>({
  name: 'refresh_responses',
  columns: {
    handleHash: text('handle_hash', key),
    response: text('response'),
    expiresAt: seconds('expires_at'),
  },
  indices: [{ name: 'refresh_responses_end', columns: ['expiresAt'] }],
});
