import { randomInt } from 'node:crypto';

/** RFC 8628 §6.1: consonants alone, so that no word comes of them and no vowel is taken for a digit. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 8;
const shape = new RegExp(`^[${letters}]{${length}}$`);

/** A new code for a person to type, as a device shows it: `WDJB-MJHT`. Each of the 20^8 is as likely as the others. */
export function createUserCode(): string {
  // randomInt rejects what would make some letters likelier than others.
  return formatUserCode(Array.from({ length }, () => letters[randomInt(letters.length)]).join(''));
}

/** What a person typed, as it is hashed: hyphen, spaces and case do not matter (RFC 8628 §6.1). Undefined where it can be no code. */
export function normalizeUserCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[^A-Z]/g, '');
  return shape.test(code) ? code : undefined;
}

/** A normalized code with the hyphen in its middle. */
export function formatUserCode(code: string): string {
  return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`;
}
