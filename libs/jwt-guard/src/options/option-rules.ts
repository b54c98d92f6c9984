import { describe, isSecret, show } from './shown-value.js';
import { unknownOption } from './unknown-option.js';

/** Says what would be right in the place of a value, or undefined where it is good. An absent option is `undefined`. */
export type OptionRule = (value: unknown) => string | undefined;
export type OptionRules = Readonly<Record<string, OptionRule>>;

/**
 * What is wrong with options: one sentence each, with the option (under the path `at`), the value and what would be right. `shown` says how
 * a value is written into the sentence.
 */
export function faultsBy(
  rules: OptionRules,
  options: object,
  at = '',
  shown: (value: unknown, name: string) => string = (value, name) => (isSecret(name) ? describe(value) : show(value)),
): string[] {
  return [
    ...Object.keys(options)
      .filter((name) => !Object.hasOwn(rules, name))
      .map((name) => `${at}${name}: ${unknownOption(name, Object.keys(rules))}`),
    ...Object.entries(rules).flatMap(([name, rule]) => {
      const value: unknown = (options as Record<string, unknown>)[name];
      const right = rule(value);
      return right === undefined ? [] : [`${at}${name}: ${shown(value, name)} was given; ${right}`];
    }),
  ];
}

/** The rule holds where the option was given at all. */
export function optional(rule: OptionRule): OptionRule {
  return (value) => (value === undefined ? undefined : rule(value));
}

/** A length of time in seconds, or a number of things: default, least and most. */
export interface Range {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  readonly unit?: string;
}

export function within({ usual, least, most, unit = 'seconds' }: Range): OptionRule {
  return optional((value) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : `give a number of ${unit} from ${least} to ${most}, or leave it out for ${usual}.`,
  );
}

export function oneOf(...values: readonly string[]): OptionRule {
  return optional((value) =>
    values.includes(value as string) ? undefined : `give ${values.map((name) => `'${name}'`).join(' or ')}.`,
  );
}

export function aFunction(what: string): OptionRule {
  return optional((value) => (typeof value === 'function' ? undefined : `give a function ${what}, or leave it out.`));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without members that are undefined: they were not given, and must not take the place of what was. */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
