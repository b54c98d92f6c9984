/** A server that this application needs does not answer. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const timeLimitMilliseconds = 10_000;

/** `fetch` that follows no redirect, waits ten seconds at most, and says by an Unreachable that no answer came. */
export async function outgoingFetch(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeLimitMilliseconds), ...init });
  } catch (error) {
    throw new Unreachable(`${new URL(url).origin} does not answer: ${reasonOf(error as Error)}.`, { cause: error });
  }
}

/** The cause says it better than `fetch failed`. */
function reasonOf({ message, cause }: Error): string {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? message;
}
