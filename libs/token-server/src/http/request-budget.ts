/** Seconds. */
const window = 60;

/** How many requests one host, and all together, may still get in this minute. */
export class RequestBudget {
  private endsAt = 0;
  private inAll = 0;
  private readonly byHost = new Map<string, number>();

  constructor(
    private readonly perHost: number,
    private readonly most: number,
  ) {}

  /** @param now seconds since 1970. @returns false: it is used up, and nothing was taken */
  take(host: string, now: number): boolean {
    if (now >= this.endsAt) {
      this.endsAt = now + window;
      this.inAll = 0;
      this.byHost.clear();
    }
    const ofHost = this.byHost.get(host) ?? 0;
    if (this.inAll >= this.most || ofHost >= this.perHost) return false;
    this.inAll++;
    this.byHost.set(host, ofHost + 1);
    return true;
  }
}
