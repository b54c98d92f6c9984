/** What a run has counted, and every answer that must not have been. */
export class Journal {
  readonly violations: string[] = [];
  private readonly counts = new Map<string, number>();
  private readonly lostRequests: number[] = [];
  private readonly successors = new Map<string, string>();

  count(what: string): void {
    this.counts.set(what, this.counted(what) + 1);
  }

  counted(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  violation(what: string, facts: unknown): void {
    this.count('VIOLATIONS');
    this.violations.push(`${what}: ${JSON.stringify(facts)}`);
  }

  /** A request that had no answer of the server. */
  lost(began: number): void {
    this.lostRequests.push(began);
  }

  /** When the requests began that had no answer: those that began then or later, in milliseconds since 1970. */
  lostSince(time: number): readonly number[] {
    return this.lostRequests.filter((began) => began >= time);
  }

  /** A refresh token never has two different successors, however often it is presented. */
  successor(token: string, body: { readonly refresh_token: string }): void {
    const known = this.successors.get(token);
    if (known !== undefined && known !== body.refresh_token) {
      this.violation('Two different successors for one refresh token', { token, known, body });
    }
    this.successors.set(token, body.refresh_token);
  }

  /** One line for each count, in alphabetical order. */
  get summary(): string {
    const lines = [...this.counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, count]) => `  ${what}: ${count}`);
    return [...lines, ...this.violations.map((violation) => `  ! ${violation}`)].join('\n');
  }
}
