import { hash } from 'node:crypto';
import { type Fault, normalizeUsername } from '@tessera/resource-model';
import type { RowPerson } from './row-person.js';

/** Finds people who are twice in a file. Of each it keeps 12 bytes and a line, so that millions are no matter. */
export class EarlierRows {
  private readonly lines = new Map<string, number>();

  /** @param place where a line is, for people */
  constructor(private readonly place: (line: number) => string) {}

  /** Notes a person. What is wrong with them beside those before. */
  note(line: number, { subject, username }: RowPerson): Fault[] {
    const names = [
      ...(subject === undefined ? [] : [['subject', subject, subject] as const]),
      ['username', username, normalizeUsername(username)] as const,
    ];
    return names.flatMap(([path, value, key]) => {
      const earlier = this.first(line, `${path} ${key}`);
      return earlier === undefined ? [] : [{ path, value, problem: `is the same as in ${this.place(earlier)}` }];
    });
  }

  private first(line: number, key: string): number | undefined {
    const name = hash('sha256', key, 'buffer').toString('latin1', 0, 12);
    const earlier = this.lines.get(name);
    if (earlier === undefined) this.lines.set(name, line);
    return earlier;
  }
}
