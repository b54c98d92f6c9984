import type { OpenAPIObject } from '@nestjs/swagger';
import { GuardSettings } from '../options/guard-settings.js';
import type { AllOrAny } from '../requirements/requirement.js';

type Components = NonNullable<OpenAPIObject['components']>;
type SchemeOrReference = NonNullable<Components['securitySchemes']>[string];
export type Scheme = Exclude<SchemeOrReference, { $ref: string }>;
export type SecurityRequirement = NonNullable<OpenAPIObject['security']>[number];

const ownName = 'accessToken';

/**
 * How a token is got, by the options of the guard: OpenID Connect discovery for each listed issuer that has it, else a token that the reader
 * of the document brings along.
 */
export function schemesOfGuard({ issuers, dpop }: GuardSettings): Record<string, Scheme> {
  const found = issuers.filter(({ jwks, jwksUri }) => jwks === undefined && jwksUri === undefined);
  if (found.length === 0) return { [ownName]: bearerScheme(dpop) };
  return Object.fromEntries(
    found.map(({ issuer }, index) => [
      index === 0 ? ownName : `${ownName}${index + 1}`,
      {
        type: 'openIdConnect',
        openIdConnectUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
        description: `An access token of ${issuer}${dpop.mode === 'required' ? ', bound to the key of a DPoP proof' : ''}.`,
      } satisfies Scheme,
    ]),
  );
}

/** The scheme that an application has described itself, where it is the only one by which the guard takes tokens. */
export function onlySchemeOf(
  described: Readonly<Record<string, SchemeOrReference>>,
  { dpop }: GuardSettings,
): Record<string, Scheme> | undefined {
  const word = dpop.mode === 'required' ? 'dpop' : 'bearer';
  const fitting = Object.entries(described).filter((entry): entry is [string, Scheme] => {
    const [, scheme] = entry;
    if (!('type' in scheme)) return false;
    return scheme.type === 'http' ? scheme.scheme?.toLowerCase() === word : givesTokens(scheme);
  });
  return fitting.length === 1 ? Object.fromEntries(fitting) : undefined;
}

function bearerScheme({ mode }: GuardSettings['dpop']): Scheme {
  return mode === 'required'
    ? { type: 'http', scheme: 'DPoP', description: 'An access token, bound to the key of a DPoP proof (RFC 9449).' }
    : { type: 'http', scheme: 'bearer', description: 'An access token.' };
}

/** What a route asks for, by each of the schemes; one requirement out of the list is enough. */
export function requirementsBy(
  schemes: Readonly<Record<string, Scheme>>,
  scopes: AllOrAny | undefined,
): SecurityRequirement[] {
  return Object.entries(schemes).flatMap(([name, scheme]) => {
    // OpenAPI 3.0, Security Requirement Object: a list of scopes stands with these two types alone.
    if (!scopes || !givesTokens(scheme)) return [{ [name]: [] }];
    return 'all' in scopes ? [{ [name]: [...scopes.all] }] : scopes.any.map((scope) => ({ [name]: [scope] }));
  });
}

/** Whether it says where tokens come from, and not merely how they are sent. */
function givesTokens({ type }: Scheme): boolean {
  return type === 'oauth2' || type === 'openIdConnect';
}

/** Requirements that are about something else than the Authorization header: those about it would say the same as the guard, less exactly. */
export function beside(
  requirements: readonly SecurityRequirement[],
  schemes: Readonly<Record<string, SchemeOrReference>>,
): SecurityRequirement[] {
  const isOfHeader = (name: string): boolean => {
    const scheme = schemes[name];
    return scheme !== undefined && 'type' in scheme && ['http', 'oauth2', 'openIdConnect'].includes(scheme.type);
  };
  return requirements.filter((requirement) => !Object.keys(requirement).some(isOfHeader));
}

/** One out of each list, together: an API key is no way around the guard. */
export function bothOf(
  some: readonly SecurityRequirement[],
  others: readonly SecurityRequirement[],
): SecurityRequirement[] {
  if (some.length === 0) return [...others];
  return some.flatMap((one) => others.map((other) => ({ ...one, ...other })));
}

/** The flows of a scheme list every scope that routes ask for: a client may ask for none that is not listed. */
export function withScopes(scheme: Scheme, scopes: readonly string[]): Scheme {
  if (!scheme.flows) return scheme;
  const missing = Object.fromEntries(scopes.map((scope) => [scope, '']));
  const flows = Object.entries(scheme.flows).map(([name, flow]: [string, { scopes?: object } | undefined]) => [
    name,
    flow && { ...flow, scopes: { ...missing, ...flow.scopes } },
  ]);
  return { ...scheme, flows: Object.fromEntries(flows) as NonNullable<Scheme['flows']> };
}
