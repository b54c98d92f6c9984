/** A worker that ended sooner than this, in seconds, may do so each time. */
const soon = 30;
const longest = 30;

/** How long to wait before a worker is replaced, so that one that cannot live is not started again and again without a pause. */
export class ReplacementDelay {
  private endedSoon = 0;

  /** In seconds, after one that ran for so many: none after a long life, otherwise 1, 2, 4 … 30. */
  after(seconds: number): number {
    this.endedSoon = seconds < soon ? this.endedSoon + 1 : 0;
    return this.endedSoon === 0 ? 0 : Math.min(2 ** (this.endedSoon - 1), longest);
  }
}
