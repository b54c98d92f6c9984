import type { Consent } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { json, key, optional, seconds, text } from './columns.js';

export const consentSchema = new EntitySchema<Consent>({
  name: 'consents',
  columns: {
    subject: text('subject', key),
    clientId: text('client_id', key),
    scopes: json('scopes'),
    claims: json('claims'),
    createdAt: seconds('created_at'),
    expiresAt: seconds('expires_at', optional),
  },
  indices: [{ name: 'consents_end', columns: ['expiresAt'] }],
});
