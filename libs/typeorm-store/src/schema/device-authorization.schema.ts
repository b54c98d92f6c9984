import type { DeviceAuthorization } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { json, key, optional, seconds, text } from './columns.js';

/** A device that waits, with what its last poll found. */
export interface DeviceAuthorizationRow extends DeviceAuthorization {
  /** Who let it in. */
  readonly subject?: string;
  /** As they were before the last poll, which has to tell them. */
  readonly intervalBefore?: number;
  readonly polledBefore?: number;
}

export const deviceAuthorizationSchema = new EntitySchema<DeviceAuthorizationRow>({
  name: 'device_authorizations',
  columns: {
    handleHash: text('handle_hash', key),
    userCodeHash: text('user_code_hash'),
    clientId: text('client_id'),
    scopes: json('scopes'),
    resources: json('resources', optional),
    details: json('authorization_details', optional),
    createdAt: seconds('created_at'),
    expiresAt: seconds('expires_at'),
    interval: seconds('poll_interval'),
    polledAt: seconds('polled_at', optional),
    decision: json('decision', optional),
    subject: text('subject', optional),
    intervalBefore: seconds('interval_before', optional),
    polledBefore: seconds('polled_before', optional),
  },
  uniques: [{ name: 'device_authorizations_user_code', columns: ['userCodeHash'] }],
  indices: [
    { name: 'device_authorizations_grant', columns: ['subject', 'clientId'] },
    { name: 'device_authorizations_end', columns: ['expiresAt'] },
  ],
});
