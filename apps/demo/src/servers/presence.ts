import { HttpClient } from '../http-client.js';

/** What is found at an address: a healthy server, nothing, or something else and why it is not what was looked for. */
export type Presence =
  { readonly state: 'ready' } | { readonly state: 'absent' } | { readonly state: 'other'; readonly why: string };

/** Asks for the health of a server. The CA is read anew each time: the token server may be about to make it. */
export async function presenceAt(healthUrl: string, caFile: string): Promise<Presence> {
  try {
    const { status } = await HttpClient.trusting(caFile).send(
      { method: 'GET', url: healthUrl },
      AbortSignal.timeout(3000),
    );
    return status === 200 ? { state: 'ready' } : { state: 'other', why: `${healthUrl} answers with ${status}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') return { state: 'absent' };
    return { state: 'other', why: `${healthUrl}: ${reason(error as NodeJS.ErrnoException)}` };
  }
}

function reason({ code, name, message }: NodeJS.ErrnoException): string {
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer within 3 seconds';
  // OpenSSL says it in a line that nobody can read.
  if (code === 'EPROTO') return 'what answers there does not speak TLS';
  return message || String(code);
}
