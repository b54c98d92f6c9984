import { EntitySchema } from 'typeorm';
import { key, text } from './columns.js';

/** Whom a pairwise `sub` means. */
export interface PairwiseSubject {
  readonly identifier: string;
  readonly subject: string;
}

export const pairwiseSubjectSchema = new EntitySchema<PairwiseSubject>({
  name: 'pairwise_subjects',
  columns: {
    identifier: text('identifier', key),
    subject: text('subject'),
  },
});
