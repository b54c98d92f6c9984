/** What was answered. `body` is empty unless the status is 200: of other answers nothing is read. */
export interface TextAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** How long an answer may take, in seconds and with its body, and how many bytes of body are read. */
export interface AnswerLimits {
  readonly timeout: number;
  readonly maxBytes: number;
}

/** The answer has more bytes than are read. */
export class AnswerTooLongError extends Error {
  override readonly name = 'AnswerTooLongError';
}

/**
 * Sends a request to an issuer, within a time limit and a size limit, and without following redirects: the address is
 * configured or vouched for by the issuer, and no other host may take its place. What it throws quotes neither side.
 */
export async function fetchText(url: string, request: RequestInit, limits: AnswerLimits): Promise<TextAnswer> {
  try {
    const signal = AbortSignal.timeout(limits.timeout * 1000);
    const response = await fetchTwiceIfClosed(url, { ...request, redirect: 'error', signal });
    const { status, headers } = response;
    if (status === 200) return { status, headers, body: await readText(response, limits.maxBytes) };
    await response.body?.cancel();
    return { status, headers, body: '' };
  } catch (error) {
    throw error instanceof AnswerTooLongError ? error : transportFault(error);
  }
}

/** How it shows that a connection was closed before an answer came. */
const closed = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * The other side may close an idle connection, or start anew, in the very moment in which it is used again. What is asked of an
 * issuer changes nothing there, so it is asked once more rather than taken for away.
 */
async function fetchTwiceIfClosed(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (!closed.has(cause?.code ?? '')) throw error;
    return fetch(url, request);
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AnswerTooLongError(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Says what fetch hides in its cause: ECONNREFUSED, a certificate fault, an unexpected redirect. The cause itself is left out:
 * where an answer is no HTTP, it holds what was received.
 */
function transportFault(error: unknown): Error {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return new Error([message, cause?.message || cause?.code].filter(Boolean).join(': '));
}
