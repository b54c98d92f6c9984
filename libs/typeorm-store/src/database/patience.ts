import { setTimeout as delay } from 'node:timers/promises';

/** How long SQLite itself waits for another process that writes: the whole of this one stands still meanwhile. */
export const sleepMilliseconds = 5;
/** How long a statement waits in all. */
export const patienceMilliseconds = 5000;

/**
 * Tries again while another process writes. SQLite's own waiting looks every 100 ms in the end, and comes too late each time where others write without
 * a pause: then it gives up, with SQLITE_BUSY, although nobody held the lock for long.
 */
export async function patiently<T>(action: () => T, patience = patienceMilliseconds): Promise<T> {
  for (const deadline = Date.now() + patience; ; await delay(pause())) {
    try {
      return action();
    } catch (error) {
      // Nothing has happened: only the first step of what was to be done waits for the lock.
      if (!isBusy(error) || Date.now() > deadline) throw error;
    }
  }
}

/** Milliseconds until the next try; by chance, or two processes would go on meeting each other. */
export function pause(): number {
  return 1 + Math.random() * 5;
}

export function isBusy(error: unknown): boolean {
  return String((error as { readonly code?: unknown }).code).startsWith('SQLITE_BUSY');
}
