import { describe, expect, it } from '@jest/globals';
import { User } from '../user.js';
import { InMemoryUserStore } from './in-memory-user.store.js';

describe('A user name', () => {
  const store = new InMemoryUserStore([new User({ subject: '1', username: 'Ålice' })]);

  it('is found without regard to case, composition and space around it', async () => {
    for (const username of ['ålice', 'ÅLICE', 'A\u030Alice', ' Ålice ']) {
      expect((await store.findByUsername(username))?.subject).toBe('1');
    }
    expect(await store.findByUsername('alice')).toBeUndefined();
  });
});
