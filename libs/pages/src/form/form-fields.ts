/** A field that came once; undefined for anything else that a request may hold under that name. */
export function textOf(source: unknown, name: string): string | undefined {
  const value = valueOf(source, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A field that may come several times. */
export function textsOf(source: unknown, name: string): string[] {
  const value = valueOf(source, name);
  return [value].flat().filter((one): one is string => typeof one === 'string' && one !== '');
}

function valueOf(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined;
  return (source as Record<string, unknown>)[name];
}
