import type { DetailView } from '@tessera/token-server';
import { candidates } from './message-catalogue.js';

/**
 * What a client asks for, in the words of its type and the person's language; undefined where the type has no words. Values stand between isolates: one in another
 * script must not disturb the order of the words around it (Unicode UAX #9 §2.4).
 */
export function detailText(
  { text, members }: Pick<DetailView, 'text' | 'members'>,
  language: string,
): string | undefined {
  const words = wordsOf(text, language);
  return words?.replace(
    /\{([^{}]+)\}/g,
    (_placeholder, name: string) => `\u2068${valueOf(members, name.trim()) || '–'}\u2069`,
  );
}

/** Of a list all that it holds, in order. */
function valueOf(members: DetailView['members'], path: string): string {
  const isOf = ({ name }: { readonly name: string }) =>
    name === path || (name.startsWith(`${path}.`) && /^\d+$/.test(name.slice(path.length + 1)));
  return members
    .filter(isOf)
    .map(({ value }) => value)
    .join(', ');
}

function wordsOf(text: DetailView['text'], language: string): string | undefined {
  if (text === undefined || typeof text === 'string') return text;
  const named = candidates(language).find((candidate) => Object.hasOwn(text, candidate));
  return named === undefined ? Object.values(text)[0] : text[named];
}
