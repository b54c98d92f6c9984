/** Seconds after a try that failed; the last for all that follow. */
const delays = [5, 15, 60, 300, 900];

/** Seconds to wait after so many tries. */
export function delayAfter(tries: number): number {
  return delays[Math.min(tries, delays.length) - 1]!;
}

interface Silence {
  readonly tries: number;
  /** Seconds since 1970. */
  readonly until: number;
}

/**
 * Clients that gave no answer at all are left alone for a while, each time longer, with everything that waits for them: each try costs the time
 * that an answer may take. Kept in the memory of one server; several find it out each for itself.
 */
export class UnreachableClients {
  private readonly silences = new Map<string, Silence>();

  gaveNoAnswer(clientId: string, now: number): void {
    const tries = (this.silences.get(clientId)?.tries ?? 0) + 1;
    this.silences.set(clientId, { tries, until: now + delayAfter(tries) });
  }

  answered(clientId: string): void {
    this.silences.delete(clientId);
  }

  /** Those that are to be left alone. */
  at(now: number): string[] {
    return [...this.silences].filter(([, { until }]) => until > now).map(([clientId]) => clientId);
  }
}
