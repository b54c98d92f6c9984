/** The most that is read of an answer, in bytes. Metadata and key sets in use are below 64 kB. */
const maxBytes = 512 * 1024;

/**
 * Gets a JSON document from an issuer, within a time limit (seconds, body included) and a size limit, and without
 * following redirects: the address is configured or vouched for by the issuer, and no other host may take its place.
 */
export async function fetchJson(url: string, timeout: number): Promise<unknown> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout * 1000),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the answer was ${response.status}`);
    }
    return JSON.parse(await readText(response));
  } catch (cause) {
    throw new Error(`GET ${url} failed: ${reason(cause)}`, { cause });
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What fetch hides in its cause: ECONNREFUSED, a certificate fault, an unexpected redirect. */
function reason(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return [message, cause?.message || cause?.code].filter(Boolean).join(': ');
}
