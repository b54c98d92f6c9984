import { Injectable } from '@nestjs/common';

/** The time, so that a test can move it. */
@Injectable()
export class Clock {
  /** Seconds since 1970, whole. */
  now(): number {
    return Math.floor(Date.now() / 1000);
  }
}
