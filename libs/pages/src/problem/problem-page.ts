import type { LostInteraction, Problem } from '@tessera/token-server';
import type { Page } from '../rendering/page.js';
import { problemKey } from './problem-words.js';

/** What happened, in plain words; the details are for those who build the application. */
export function problemPage({ status, code, description, correlationId, client }: Problem): Page {
  return {
    template: 'error',
    title: { key: 'error.title' },
    status,
    data: { client, problem: { code, description, correlationId, words: { key: problemKey(code, status) } } },
  };
}

/** An address that leads nowhere any more, and where to go instead. */
export function lostPage({ client }: LostInteraction): Page {
  return { template: 'lost', title: { key: 'lost.title' }, status: 404, data: { client } };
}
