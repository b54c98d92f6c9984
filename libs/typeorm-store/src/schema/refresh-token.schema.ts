import type { RefreshToken } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { json, key, optional, seconds, text } from './columns.js';

export const refreshTokenSchema = new EntitySchema<RefreshToken>({
  name: 'refresh_tokens',
  columns: {
    handleHash: text('handle_hash', key),
    familyId: text('family_id'),
    clientId: text('client_id'),
    subject: text('subject'),
    authentication: json('authentication'),
    scopes: json('scopes'),
    resources: json('resources', optional),
    details: json('authorization_details', optional),
    accessTokenClaims: json('access_token_claims'),
    requestedClaims: json('requested_claims', optional),
    grantClaims: json('grant_claims', optional),
    confirmation: json('confirmation', optional),
    familyCreatedAt: seconds('family_created_at'),
    createdAt: seconds('created_at'),
    expiresAt: seconds('expires_at', optional),
    rotation: json('rotation', optional),
  },
  indices: [
    { name: 'refresh_tokens_family', columns: ['familyId'] },
    { name: 'refresh_tokens_subject', columns: ['subject'] },
    { name: 'refresh_tokens_end', columns: ['expiresAt'] },
  ],
});
