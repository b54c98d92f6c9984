import { describe, expect, it } from '@jest/globals';
import { ServerJournal } from './server-journal.js';

const info = '{"level":"info","message":"fine"}';
const warning = '{"level":"warn","message":"look"}';

function journalOf(loudness: 'quiet' | 'warning') {
  const shown: string[] = [];
  return { shown, journal: new ServerJournal('sts', loudness, (...lines) => void shown.push(...lines)) };
}

describe('ServerJournal', () => {
  it('holds everything until the server is ready, then shows what matters', () => {
    const { shown, journal } = journalOf('warning');
    journal.add(info);
    journal.add(warning);
    expect(shown).toEqual([]);
    journal.release();
    expect(shown).toEqual(['sts | WARN look']);
    journal.add(warning);
    expect(shown).toHaveLength(2);
  });

  it('has as last words what was not shown, in order', () => {
    const { journal } = journalOf('warning');
    journal.add(info);
    journal.add('Error: port in use');
    expect(journal.lastWords()).toEqual(['sts | INFO fine', 'sts | Error: port in use']);
    journal.release();
    expect(journal.lastWords()).toEqual(['sts | INFO fine']);
  });

  it('shows every line at once where all are asked for', () => {
    const { shown, journal } = journalOf('quiet');
    journal.add(info);
    expect(shown).toEqual(['sts | INFO fine']);
    expect(journal.lastWords()).toEqual([]);
  });

  it('keeps the last 40 lines, and of those in which all is well no more than the last 10', () => {
    const { journal } = journalOf('warning');
    for (let index = 0; index < 100; index++) journal.add(`plain ${index}`);
    expect(journal.lastWords()).toHaveLength(40);
    expect(journal.lastWords().at(-1)).toBe('sts | plain 99');
    for (let index = 0; index < 20; index++) journal.add(info);
    expect(journal.lastWords()).toHaveLength(30);
  });
});
