import type { CanActivate, INestApplication, Type } from '@nestjs/common';
import { ModulesContainer, Reflector } from '@nestjs/core';
import { SwaggerModule, type OpenAPIObject, type SwaggerDocumentOptions } from '@nestjs/swagger';
import type { Route } from '../guard-check/standing-guards.js';
import { GuardSettings } from '../options/guard-settings.js';
import { namesOf } from '../requirements/requirement.js';
import { RouteAccessReader, type RouteWants } from '../requirements/route-access.js';
import { extensionsFor, sentenceFor } from './described-requirements.js';
import { GuardedRoutes } from './guarded-routes.js';
import { MarkedRoutes, type Operation } from './marked-routes.js';
import { refusalResponses, responsesWithRefusals } from './refusal-responses.js';
import {
  beside,
  bothOf,
  onlySchemeOf,
  requirementsBy,
  schemesOfGuard,
  withScopes,
  type Scheme,
  type SecurityRequirement,
} from './security-schemes.js';

/** The options of `SwaggerModule.createDocument()`, and of what the guard adds. */
export interface SecuredDocumentOptions extends SwaggerDocumentOptions {
  /**
   * The names of security schemes in the document (`new DocumentBuilder().addBearerAuth()`, `.addOAuth2({ flows })`) by which tokens are got.
   * Default: the one scheme for access tokens that the document has. With none or several it is `accessToken`, which is made from the
   * options of the guard: OpenID Connect discovery for each listed issuer, else a bearer token.
   */
  securitySchemes?: readonly string[];
  /** Guards that verify tokens beside JwtGuard and RequirementsGuard: `[AuthGuard('tessera-jwt')]`, or one of your own around ours. */
  tokenGuards?: readonly Type<CanActivate>[];
}

/**
 * In the place of `SwaggerModule.createDocument()`: the document says of every route behind the guard how it is reached. `security` with
 * the scopes of `@RequireScopes()`, the answers 401 and 403, and what `@RequireRoles()`, `@RequireClaims()`, `@RequireAcr()` and
 * `@RequireMaxAge()` ask for, as a sentence and as `x-required-…`. `@Public()` routes require nothing. Own decorators stay where they speak of
 * something else (`@ApiSecurity('api-key')`, `@ApiResponse()`); `@ApiBearerAuth()` and its like are not needed and give way.
 */
export function createSecuredDocument(
  app: INestApplication,
  config: Omit<OpenAPIObject, 'paths'>,
  { securitySchemes, tokenGuards = [], ...options }: SecuredDocumentOptions = {},
): OpenAPIObject {
  const marked = new MarkedRoutes(app.get(ModulesContainer, { strict: false }));
  const document = marked.whileMarked(() => SwaggerModule.createDocument(app, config, options));
  const schemes = chosenSchemes(app, document, securitySchemes);
  const described = document.components?.securitySchemes ?? {};
  const guarded = new GuardedRoutes(app, tokenGuards);
  const accesses = new RouteAccessReader(app.get(Reflector, { strict: false }));
  const scopes = new Set<string>();
  for (const operation of operationsOf(document)) {
    const route = marked.unmark(operation);
    if (!route || !guarded.has(route)) continue;
    const { isPublic, isOptional, wants } = accesses.of({ getHandler: () => route.handler, getClass: classOf(route) });
    const others = beside(operation.security ?? document.security ?? [], { ...described, ...schemes });
    describeAccess(operation, others, isPublic ? undefined : wants, schemes);
    // An empty requirement: a token need not come.
    if (isOptional) operation.security = [...(others.length > 0 ? others : [{}]), ...operation.security!];
    for (const scope of wants.scopes ? namesOf(wants.scopes) : []) scopes.add(scope);
  }
  addComponents(document, schemes, [...scopes].sort());
  return document;
}

/** `others`: what is required beside a token; `wants`: undefined for a public route. */
function describeAccess(
  operation: Operation,
  others: readonly SecurityRequirement[],
  wants: RouteWants | undefined,
  schemes: Readonly<Record<string, Scheme>>,
): void {
  // An empty list takes back what is required of the whole document.
  operation.security = wants ? bothOf(others, requirementsBy(schemes, wants.scopes)) : [...others];
  if (!wants) return;
  const sentence = sentenceFor(wants);
  if (sentence) operation.description = [operation.description, sentence].filter(Boolean).join('\n\n');
  operation.responses = responsesWithRefusals(operation.responses, wants);
  Object.assign(operation, extensionsFor(wants));
}

function chosenSchemes(
  app: INestApplication,
  { components }: OpenAPIObject,
  chosen: readonly string[] | undefined,
): Readonly<Record<string, Scheme>> {
  const described = components?.securitySchemes ?? {};
  if (!chosen) {
    const settings = app.get(GuardSettings, { strict: false });
    return onlySchemeOf(described, settings) ?? schemesOfGuard(settings);
  }
  return Object.fromEntries(
    chosen.map((name) => {
      const scheme = described[name];
      if (scheme && !('$ref' in scheme)) return [name, scheme];
      throw new Error(
        `createSecuredDocument(): the document has no security scheme '${name}'; add it, such as by new DocumentBuilder().addBearerAuth({ type: 'http' }, '${name}').`,
      );
    }),
  );
}

function addComponents(
  document: OpenAPIObject,
  schemes: Readonly<Record<string, Scheme>>,
  scopes: readonly string[],
): void {
  const { securitySchemes, responses, ...components } = document.components ?? {};
  const used = Object.entries(schemes).map(([name, scheme]) => [name, withScopes(scheme, scopes)] as const);
  document.components = {
    ...components,
    securitySchemes: { ...securitySchemes, ...Object.fromEntries(used) },
    responses: { ...refusalResponses, ...responses },
  };
}

/** Of paths and of webhooks, which are marked like any route. */
function operationsOf({ paths, webhooks }: OpenAPIObject): Operation[] {
  return [...Object.values(paths), ...Object.values(webhooks ?? {})].flatMap((item) =>
    Object.values(item as Record<string, unknown>).filter(isOperation),
  );
}

function isOperation(member: unknown): member is Operation {
  return typeof member === 'object' && member !== null && 'responses' in member;
}

function classOf({ controller }: Route): <T>() => Type<T> {
  return <T>() => controller as Type<T>;
}
