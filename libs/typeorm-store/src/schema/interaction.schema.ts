import type { Interaction, InteractionAnswers } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { json, key, optional, seconds, text } from './columns.js';

/** An interaction with a column for each answer, so that one never overwrites another. */
export interface InteractionRow extends Omit<Interaction, 'answers' | 'network'>, InteractionAnswers {
  /** Empty where no address is known. */
  readonly network: string;
  /** What it takes, in characters. */
  readonly size: number;
}

export const interactionSchema = new EntitySchema<InteractionRow>({
  name: 'interactions',
  columns: {
    handleHash: text('handle_hash', key),
    browserHash: text('browser_hash'),
    network: text('network'),
    kind: text('kind'),
    clientId: text('client_id'),
    parameters: json('parameters'),
    pushedRequest: text('pushed_request', optional),
    signedIn: json('signed_in', optional),
    chosen: json('chosen', optional),
    consent: json('consent', optional),
    cancelled: json('cancelled', optional),
    signedOut: json('signed_out', optional),
    createdAt: seconds('created_at'),
    expiresAt: seconds('expires_at'),
    size: seconds('size'),
  },
  indices: [
    // Whole, so that what a network takes is added up without its rows.
    { name: 'interactions_network', columns: ['network', 'createdAt', 'handleHash', 'size'] },
    { name: 'interactions_end', columns: ['expiresAt'] },
  ],
});
