import type { HandleHash } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { json, key, optional, seconds, text } from './columns.js';

/** A client that registered itself as a row. */
export interface RegisteredClientRow {
  readonly clientId: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Its secrets that have to be read again, by property, as encrypted JSON; in `data` they are not. */
  readonly sealedSecrets?: string;
  readonly accessTokenHash: HandleHash;
  readonly registeredAt: number;
  readonly initialAccessToken?: string;
  readonly unusedUntil?: number;
}

export const registeredClientSchema = new EntitySchema<RegisteredClientRow>({
  name: 'registered_clients',
  columns: {
    clientId: text('client_id', key),
    data: json('data'),
    sealedSecrets: text('sealed_secrets', optional),
    accessTokenHash: text('access_token_hash'),
    registeredAt: seconds('registered_at'),
    initialAccessToken: text('initial_access_token', optional),
    unusedUntil: seconds('unused_until', optional),
  },
  indices: [{ name: 'registered_clients_unused', columns: ['unusedUntil'] }],
});
