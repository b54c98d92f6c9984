import type { EntitySchemaColumnOptions } from 'typeorm';

/** Text that is compared as it stands. */
export function text(name: string, more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions {
  return { name, type: 'text', ...more };
}

/** Seconds since 1970, and other whole numbers: 64 bits, for 2038 is near. */
export function seconds(name: string, more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions {
  return { name, type: 'bigint', ...more };
}

export function flag(name: string): EntitySchemaColumnOptions {
  return { name, type: 'boolean' };
}

/** Lists and objects that are read only with their owner. */
export function json(name: string, more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions {
  return { name, type: 'simple-json', ...more };
}

export const optional = { nullable: true } as const;
export const key = { primary: true } as const;
