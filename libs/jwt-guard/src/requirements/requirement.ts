import type { VerifiedAccess } from '../token/verified-access.js';

/** One thing that a route asks of its caller, beside a good token. */
export interface Requirement {
  /** Throws an AccessTokenError where it is not met. `now` in seconds. */
  check(access: VerifiedAccess, now: number): void;
  /** Scopes of which this requirement speaks: for challenges and API descriptions. */
  readonly scopes?: readonly string[];
}

/** All of these, or any one of them. */
export type AllOrAny = { readonly all: readonly string[] } | { readonly any: readonly string[] };

export function isMet(wanted: AllOrAny, granted: readonly string[]): boolean {
  return 'all' in wanted
    ? wanted.all.every((name) => granted.includes(name))
    : wanted.any.some((name) => granted.includes(name));
}

export function namesOf(wanted: AllOrAny): readonly string[] {
  return 'all' in wanted ? wanted.all : wanted.any;
}

/** How a decorator was given its names: `('a', 'b')` for all of them, `({ any: ['a', 'b'] })` for one. */
export type NamesGiven = [string, ...string[]] | [AllOrAny];

/** The names of a decorator, checked; throws a TypeError that shows how it is used. */
export function readNames(decorator: string, given: readonly unknown[], isGood: (name: string) => boolean): AllOrAny {
  const [first] = given;
  const isForm = given.length === 1 && typeof first === 'object' && first !== null;
  const form = (isForm ? first : { all: given }) as { all?: unknown; any?: unknown };
  const names: unknown = Array.isArray(form.any) ? form.any : form.all;
  const isNamed =
    Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string' && isGood(name));
  if (!isNamed || Object.keys(form).length !== 1) {
    throw new TypeError(
      `@${decorator}() was given ${JSON.stringify(given)}; give one text for each name, @${decorator}('a', 'b') for all of them or @${decorator}({ any: ['a', 'b'] }) for one of them.`,
    );
  }
  const frozen = Object.freeze([...(names as string[])]);
  return Object.freeze('any' in form ? { any: frozen } : { all: frozen });
}
