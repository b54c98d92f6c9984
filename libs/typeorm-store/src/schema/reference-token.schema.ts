import type { ReferenceToken } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { json, key, optional, seconds, text } from './columns.js';

export const referenceTokenSchema = new EntitySchema<ReferenceToken>({
  name: 'reference_tokens',
  columns: {
    handleHash: text('handle_hash', key),
    familyId: text('family_id', optional),
    clientId: text('client_id'),
    subject: text('subject'),
    claims: json('claims'),
    expiresAt: seconds('expires_at'),
  },
  indices: [
    { name: 'reference_tokens_family', columns: ['familyId'] },
    { name: 'reference_tokens_grant', columns: ['subject', 'clientId'] },
    { name: 'reference_tokens_end', columns: ['expiresAt'] },
  ],
});
