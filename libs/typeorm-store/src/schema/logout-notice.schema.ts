import type { LogoutNotice } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { key, seconds, text } from './columns.js';

export const logoutNoticeSchema = new EntitySchema<LogoutNotice>({
  name: 'logout_notices',
  columns: {
    id: text('id', key),
    clientId: text('client_id'),
    subject: text('subject'),
    sessionId: text('session_id'),
    attempts: seconds('attempts'),
    dueAt: seconds('due_at'),
    expiresAt: seconds('expires_at'),
  },
  indices: [
    { name: 'logout_notices_due', columns: ['clientId', 'dueAt'] },
    { name: 'logout_notices_end', columns: ['expiresAt'] },
  ],
});
