import type { BackchannelAuthentication } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { flag, json, key, optional, seconds, text } from './columns.js';

/** What waits for a person's word, with what its last poll found. */
export interface BackchannelAuthenticationRow extends Omit<BackchannelAuthentication, 'ping'> {
  readonly sealedPing?: string;
  /** What the decision says, to be looked for. */
  readonly allowed?: boolean;
  /** As they were before the last poll, which has to tell them. */
  readonly intervalBefore?: number;
  readonly polledBefore?: number;
}

export const backchannelAuthenticationSchema = new EntitySchema<BackchannelAuthenticationRow>({
  name: 'backchannel_authentications',
  columns: {
    handleHash: text('handle_hash', key),
    id: text('id'),
    clientId: text('client_id'),
    subject: text('subject'),
    scopes: json('scopes'),
    resources: json('resources', optional),
    details: json('authorization_details', optional),
    bindingMessage: text('binding_message', optional),
    contextClasses: json('context_classes', optional),
    sealedPing: text('sealed_ping', optional),
    createdAt: seconds('created_at'),
    expiresAt: seconds('expires_at'),
    interval: seconds('poll_interval'),
    polledAt: seconds('polled_at', optional),
    decision: json('decision', optional),
    allowed: { ...flag('allowed'), ...optional },
    intervalBefore: seconds('interval_before', optional),
    polledBefore: seconds('polled_before', optional),
  },
  uniques: [{ name: 'backchannel_authentications_id', columns: ['id'] }],
  indices: [
    { name: 'backchannel_authentications_grant', columns: ['subject', 'clientId'] },
    { name: 'backchannel_authentications_end', columns: ['expiresAt'] },
  ],
});
