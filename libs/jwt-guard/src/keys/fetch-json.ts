import { fetchText } from '../http/fetch-text.js';
import { freshnessOf } from './freshness.js';

/** The most that is read of an answer, in bytes. Metadata and key sets in use are below 64 kB. */
const maxBytes = 512 * 1024;

/** A document that an issuer gave. */
interface FetchedJson {
  readonly document: unknown;
  /** For how many seconds the answer says to be good; undefined where it says nothing. */
  readonly freshness: number | undefined;
}

/** A fetch that failed; `status` where there was an answer, but not 200. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly status: number | undefined;

  constructor(url: string, cause: Error & { status?: number }) {
    super(`GET ${url} failed: ${cause.message}`, { cause });
    this.status = cause.status;
  }
}

/** Gets a JSON document from an issuer, within a time limit (seconds, body included). Rejects with a FetchError. */
export async function fetchJson(url: string, timeout: number): Promise<FetchedJson> {
  try {
    const request = { headers: { accept: 'application/json' } };
    const { status, headers, body } = await fetchText(url, request, { timeout, maxBytes });
    if (status !== 200) throw Object.assign(new Error(`the answer was ${status}`), { status });
    return { document: JSON.parse(body), freshness: freshnessOf(headers) };
  } catch (cause) {
    throw new FetchError(url, cause as Error);
  }
}
