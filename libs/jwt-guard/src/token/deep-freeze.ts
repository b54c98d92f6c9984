/** Makes a value read from JSON unchangeable: claims are handed to code that must not be able to grant itself more. */
export function deepFreeze<T extends object>(value: T): T {
  // for…in and not Object.values(): this runs for each new token. What JSON.parse makes has no inherited members.
  for (const name in value) {
    const member: unknown = value[name];
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  }
  return Object.freeze(value);
}
