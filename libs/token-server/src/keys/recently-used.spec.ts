import { describe, expect, it } from '@jest/globals';
import { RecentlyUsed } from './recently-used.js';

describe('Things that are kept while they are used', () => {
  it('are made once, and anew when so many others were asked for since', () => {
    const made: string[] = [];
    const things = new RecentlyUsed(2, (name) => ({ made: made.push(name) }));
    const first = things.get('a');
    things.get('b');
    expect(things.get('a')).toBe(first);
    things.get('c');
    expect(things.get('a')).toBe(first);
    things.get('b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });
});
