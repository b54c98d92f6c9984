import type { AuthorizationCode } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { flag, json, key, optional, seconds, text } from './columns.js';

export const authorizationCodeSchema = new EntitySchema<AuthorizationCode>({
  name: 'authorization_codes',
  columns: {
    handleHash: text('handle_hash', key),
    clientId: text('client_id'),
    subject: text('subject'),
    authentication: json('authentication'),
    scopes: json('scopes'),
    resources: json('resources', optional),
    details: json('authorization_details', optional),
    redirectUri: text('redirect_uri'),
    challenge: json('challenge', optional),
    dpopJkt: text('dpop_jkt', optional),
    nonce: text('nonce', optional),
    requestedClaims: json('requested_claims', optional),
    familyId: text('family_id'),
    expiresAt: seconds('expires_at'),
    redeemed: flag('redeemed'),
  },
  indices: [
    { name: 'authorization_codes_grant', columns: ['subject', 'clientId'] },
    { name: 'authorization_codes_end', columns: ['expiresAt'] },
  ],
});
