import { EntitySchema } from 'typeorm';
import { key, seconds, text } from './columns.js';

/** What counted once. */
export interface UsedId {
  readonly id: string;
  readonly expiresAt: number;
}

export const usedIdSchema = new EntitySchema<UsedId>({
  name: 'used_ids',
  columns: { id: text('id', key), expiresAt: seconds('expires_at') },
  indices: [{ name: 'used_ids_end', columns: ['expiresAt'] }],
});
