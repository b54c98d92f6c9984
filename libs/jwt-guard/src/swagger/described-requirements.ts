import type { AllOrAny } from '../requirements/requirement.js';
import type { RouteWants } from '../requirements/route-access.js';

/** What a route asks for, for machines: beside `security`, which knows scopes alone. Of claims the names are told, and not what they must be. */
export function extensionsFor({ scopes, roles, claims, acrValues, maxAge }: RouteWants): Record<string, unknown> {
  return {
    ...(scopes && { 'x-required-scopes': copyOf(scopes) }),
    ...(roles && { 'x-required-roles': copyOf(roles) }),
    ...(claims && { 'x-required-claims': typeof claims === 'function' ? true : Object.keys(claims) }),
    ...(acrValues && { 'x-required-acr': [...acrValues] }),
    ...(maxAge !== undefined && { 'x-required-max-age': maxAge }),
  };
}

/** The same for people, as one sentence of Markdown; undefined where a token is enough. */
export function sentenceFor({ scopes, roles, claims, acrValues, maxAge }: RouteWants): string | undefined {
  const parts = [
    ...(scopes ? [namesIn(scopes, 'scope')] : []),
    ...(roles ? [namesIn(roles, 'role')] : []),
    ...(claims
      ? [typeof claims === 'function' ? 'claims that are checked' : namesIn({ all: Object.keys(claims) }, 'claim')]
      : []),
    ...(acrValues ? [`a sign-in by ${codes(acrValues, ' or ')}`] : []),
    ...(maxAge === undefined ? [] : [`a sign-in at most ${maxAge} seconds ago`]),
  ];
  return parts.length === 0 ? undefined : `Needs an access token with ${parts.join('; ')}.`;
}

function namesIn(wanted: AllOrAny, kind: string): string {
  const isAll = 'all' in wanted;
  const names = isAll ? wanted.all : wanted.any;
  return `the ${kind}${isAll && names.length > 1 ? 's' : ''} ${codes(names, isAll ? ' and ' : ' or ')}`;
}

function codes(names: readonly string[], between: string): string {
  return names.map((name) => `\`${name}\``).join(between);
}

function copyOf(wanted: AllOrAny): object {
  return 'all' in wanted ? { all: [...wanted.all] } : { any: [...wanted.any] };
}
