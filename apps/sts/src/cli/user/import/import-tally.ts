import { describeFault, type Fault } from '@tessera/resource-model';
import { passwordKind } from '../password-kind.js';
import type { Judgement } from './judge-rows.js';

/** So many faults, and columns, are named; the others are counted. */
const mostNamed = 50;

/** What has become, or would become, of the rows of a file. */
export class ImportTally {
  readonly counts = { rows: 0, imported: 0, updated: 0, skipped: 0, faulty: 0 };
  readonly faults: (Fault & { readonly line: number })[] = [];
  readonly ignoredColumns = new Set<string>();
  private readonly kinds = new Map<string, number>();

  note(judgement: Judgement): void {
    const { line, outcome, person, faults, unknown } = judgement;
    this.counts.rows++;
    this.counts[counted[outcome]]++;
    for (const name of unknown) if (this.ignoredColumns.size < mostNamed) this.ignoredColumns.add(name);
    if (outcome === 'add') {
      const kind = passwordKind(person.passwordHash);
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    }
    if (outcome === 'faulty' && this.faults.length < mostNamed) {
      this.faults.push(...faults.map((fault) => ({ ...fault, line })));
    }
  }

  /** Nothing of it has happened, and nothing will. */
  refuse(): void {
    this.counts.imported = this.counts.updated = 0;
    this.kinds.clear();
  }

  /** How the passwords of those who are imported were hashed, the most frequent first. */
  get passwords(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.kinds].sort(([, one], [, other]) => other - one));
  }

  /** The faults for people, a line each: where, what, and how many more there are. */
  describeFaults(place: (line: number) => string): string[] {
    const lines = this.faults.map((fault) =>
      fault.path === '' ? `${place(fault.line)} ${fault.problem}` : `${place(fault.line)} ${describeFault(fault)}`,
    );
    const more = this.counts.faulty - new Set(this.faults.map(({ line }) => line)).size;
    return more > 0 ? [...lines, `… and ${more} more.`] : lines;
  }
}

const counted = { add: 'imported', update: 'updated', skip: 'skipped', faulty: 'faulty' } as const;
