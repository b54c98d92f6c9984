import type { Session } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { flag, json, key, optional, seconds, text } from './columns.js';

export const sessionSchema = new EntitySchema<Session>({
  name: 'sessions',
  columns: {
    handleHash: text('handle_hash'),
    id: text('id', key),
    subject: text('subject'),
    authentication: json('authentication'),
    identityProvider: text('identity_provider', optional),
    remembered: flag('remembered'),
    createdAt: seconds('created_at'),
    lastSeenAt: seconds('last_seen_at'),
    expiresAt: seconds('expires_at'),
    userAgent: text('user_agent', optional),
    clients: json('clients'),
  },
  uniques: [{ name: 'sessions_handle', columns: ['handleHash'] }],
  indices: [
    { name: 'sessions_subject', columns: ['subject'] },
    { name: 'sessions_end', columns: ['expiresAt'] },
  ],
});
