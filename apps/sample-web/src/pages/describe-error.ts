import { types } from 'node:util';

/**
 * What a log may know of an error: names, codes and messages along the causes. Not what else hangs on them (the libraries attach
 * whole answers of the token endpoint), and not the message of a SyntaxError, which quotes what could not be parsed.
 */
export function describeError(error: unknown): { reason: string } {
  const words: string[] = [];
  for (let cause = error; types.isNativeError(cause) && words.length < 4; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const name = code ? `${cause.name} ${code}` : cause.name;
    words.push(cause.name === 'SyntaxError' ? name : `${name}: ${cause.message}`);
  }
  return { reason: words.join(' <- ') || typeof error };
}
