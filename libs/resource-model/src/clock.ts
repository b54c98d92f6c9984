/** The time of day as the server sees it. A test provides one of its own. */
export abstract class Clock {
  /** Seconds since 1970, whole. */
  abstract now(): number;
}

export class SystemClock extends Clock {
  now(): number {
    return Math.floor(Date.now() / 1000);
  }
}
