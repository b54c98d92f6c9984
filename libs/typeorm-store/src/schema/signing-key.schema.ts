import type { SigningKey } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { key, seconds, text } from './columns.js';

/** A signing key as a row: the private half is encrypted. */
export interface SealedSigningKey extends Omit<SigningKey, 'privateJwk'> {
  readonly sealed: string;
}

export const signingKeySchema = new EntitySchema<SealedSigningKey>({
  name: 'signing_keys',
  columns: {
    kid: text('kid', key),
    algorithm: text('algorithm'),
    generation: seconds('generation'),
    createdAt: seconds('created_at'),
    signsFrom: seconds('signs_from'),
    sealed: text('sealed'),
  },
  indices: [{ name: 'signing_keys_generation', columns: ['algorithm', 'generation'], unique: true }],
});
