import { type Requests, requestsTo } from '../requests.js';
import { issuer } from './configuration.js';
import type { Journal } from './journal.js';

/** The connection broke, or the server could not say: what was asked for may have happened or not. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
}

/** The server as its clients see it, under its issuer's name, whichever process answers. */
export interface Service extends Requests {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Each request goes to the address that is named at its beginning. */
export function serviceAt(address: () => string, journal: Journal): Service {
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const began = Date.now();
    const { response, body } = await exchange(`${address()}${pathname}${search}`, init).catch((cause: unknown) => {
      journal.count('Requests cut off');
      journal.lost(began);
      throw new UnknownOutcome('The connection broke.', { cause });
    });
    journal.count(`Answers ${response.status}`);
    if (!isAnswer(response, pathname, journal)) {
      journal.lost(began);
      throw new UnknownOutcome(`The server could not answer: ${response.status}.`);
    }
    const { status, headers } = response;
    return new Response(body.byteLength > 0 ? body : null, { status, headers });
  };
  return { url: issuer, fetch, ...requestsTo(issuer, fetch) };
}

/** The whole of an answer: it can break off in the middle as well. */
async function exchange(url: string, init?: RequestInit): Promise<{ response: Response; body: ArrayBuffer }> {
  const response = await globalThis.fetch(url, { redirect: 'manual', ...init });
  return { response, body: await response.arrayBuffer() };
}

/** False where the server, or a proxy in front of it, says that it cannot answer at present. */
function isAnswer({ status, headers }: Response, pathname: string, journal: Journal): boolean {
  const isSentBack = headers.get('location')?.includes('error=temporarily_unavailable') ?? false;
  // 502: a proxy says that the connection broke.
  if (status !== 503 && status !== 502 && !isSentBack) return true;
  if (status === 503 && headers.get('retry-after') === null) {
    journal.violation('503 without Retry-After', { pathname });
  }
  return false;
}
