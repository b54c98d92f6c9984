import type { Journal } from '../journal.js';
import type { EndingTable } from './lifetimes.js';

/** Seconds. */
const wholeHour = 3600;

/** The clocks of both sides may differ by so many seconds: the server hears a moment later how far the hour has come. */
const tolerance = 15;
const mostViolations = 20;

/** When something happened, as far as it can be known from outside: between the seconds of request and answer. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * An hour that passes by the tokens that are issued, and not by the wall: however fast the machine is, the same number of them is alive at
 * once. Remembers what was added to each table, and when.
 */
export class Hour {
  private issued = 0;
  private isGivenUp = false;
  private readonly added = new Map<EndingTable, number[]>();

  constructor(
    readonly journal: Journal,
    /** How many tokens make it. */
    private readonly tokens: number,
    private readonly tick: (seconds: number) => void,
  ) {}

  /** Seconds since it began. */
  get now(): number {
    return Math.min(wholeHour, Math.floor((this.issued / this.tokens) * wholeHour));
  }

  /** Something has failed: the load ends at once. */
  giveUp(): void {
    this.isGivenUp = true;
  }

  /** Also where so much has gone wrong that more of it tells nothing. */
  get isOver(): boolean {
    return this.isGivenUp || this.now >= wholeHour || this.journal.violations.length > mostViolations;
  }

  /** Counts the tokens of an answer. */
  count(answer: Readonly<Record<string, unknown>>): void {
    const before = this.now;
    for (const token of ['access_token', 'refresh_token', 'id_token']) {
      if (answer[token] === undefined) continue;
      this.journal.count(`Tokens issued: ${token}`);
      this.issued++;
    }
    if (this.now > before) this.tick(this.now - before);
  }

  /** A row that came into being by now. */
  add(table: EndingTable): void {
    const seconds = this.added.get(table) ?? new Array<number>(wholeHour + 1).fill(0);
    this.added.set(table, seconds);
    seconds[this.now]!++;
  }

  /** How many rows came into being in that second or later. */
  addedSince(table: EndingTable, second: number): number {
    return (this.added.get(table) ?? []).slice(Math.max(0, second)).reduce((sum, each) => sum + each, 0);
  }

  /** Whether what lives so long is alive in the eyes of a request that is answered now: undefined where it cannot be told from here. */
  isAlive(lifetime: number, born: Span, asked: number): boolean | undefined {
    if (this.now < born.from + lifetime - tolerance) return true;
    return asked > born.to + lifetime + tolerance ? false : undefined;
  }
}
