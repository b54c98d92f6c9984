/** What is kept elsewhere cannot be reached at present: nothing is known of the outcome, and trying again is right. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
