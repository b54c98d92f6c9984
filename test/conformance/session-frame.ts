import { webcrypto } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { parse } from 'node-html-parser';

/** Where the frame stands, and what its script can read there. */
export interface FrameSurroundings {
  /** The cookies that a script may read, as `name=value; …`. */
  readonly cookies: string;
  /** The origin of the page that embeds the frame, as this browser tells it: by a list of ancestors, by the referrer, or not at all. */
  readonly ancestor?: string;
  readonly referrer?: string;
}

/** Loads the session frame, sends it a message as a relying party's frame of that origin does, and gives what comes back. */
export async function answerOf(
  html: string,
  { cookies, ancestor, referrer = '' }: FrameSurroundings,
  { data, origin }: { readonly data: unknown; readonly origin: string },
): Promise<{ readonly data: string; readonly targetOrigin: string }[]> {
  let listener: ((event: object) => Promise<void>) | undefined;
  runInNewContext(parse(html).querySelector('script')!.innerHTML, {
    document: { cookie: cookies, referrer },
    location: { ancestorOrigins: ancestor === undefined ? undefined : [ancestor] },
    crypto: webcrypto,
    TextEncoder,
    Uint8Array,
    URL,
    addEventListener: (_type: string, added: typeof listener) => (listener = added),
  });
  const answers: { data: string; targetOrigin: string }[] = [];
  const postMessage = (data: string, targetOrigin: string) => answers.push({ data, targetOrigin });
  await listener!({ data, origin, source: { postMessage } });
  return answers;
}
