import type { PushedRequest } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { json, key, seconds, text } from './columns.js';

export const pushedRequestSchema = new EntitySchema<PushedRequest>({
  name: 'pushed_requests',
  columns: {
    handleHash: text('handle_hash', key),
    clientId: text('client_id'),
    parameters: json('parameters'),
    expiresAt: seconds('expires_at'),
  },
  indices: [{ name: 'pushed_requests_end', columns: ['expiresAt'] }],
});
