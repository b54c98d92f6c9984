/** Makes a value read from JSON unchangeable: claims are handed to code that must not be able to grant itself more. */
export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  }
  return Object.freeze(value);
}
