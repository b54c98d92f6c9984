/** The time of day as the server sees it. A test provides one of its own. */
export abstract class Clock {
  /** Seconds since 1970, whole. */
  abstract now(): number;

  /** Seconds since 1970 with their fraction, where the clock knows it: for waits that are a second or two long. */
  exact(): number {
    return this.now();
  }
}

export class SystemClock extends Clock {
  now(): number {
    return Math.floor(Date.now() / 1000);
  }

  override exact(): number {
    return Date.now() / 1000;
  }
}
