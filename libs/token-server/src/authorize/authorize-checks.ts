// What an authorize request must be, in the order in which it is looked at: the first rule that fails is what the client is told.
import type { OAuthErrorCode } from '@tessera/protocol';
import { OAuthError, Scopes } from '@tessera/protocol';
import type { RequestedScopes } from '@tessera/grant-types';
import type { AuthenticationLevels, Client } from '@tessera/resource-model';
import type { AuthorizeParams } from './authorize-params.js';
import { type AuthorizeRequest, displays, type Prompt, prompts } from './authorize-request.js';
import { readClaims } from './claims-parameter.js';
import type { IdentityTokenHints } from './identity-token-hints.js';
import { readChallenge } from './proof-key.js';
import { findResponseMode, modeFault, responseModeNames } from './response-modes.js';
import { findResponseType, mayUse } from './response-types.js';

/** What a check may look at: the request as it came, and what the checks before it have found. */
export interface CheckContext {
  readonly params: AuthorizeParams;
  readonly client: Client;
  readonly found: Partial<AuthorizeRequest>;
  readonly scopes: RequestedScopes;
  readonly hints: IdentityTokenHints;
  readonly levels: AuthenticationLevels;
  /** Whether people can register here. */
  readonly canCreateAccounts: boolean;
}

interface AuthorizeCheck {
  readonly parameter: string;
  readonly rule: string;
  /** What the request means, as far as this parameter says. @throws OAuthError */
  readonly read: (context: CheckContext) => Partial<AuthorizeRequest> | Promise<Partial<AuthorizeRequest>>;
}

export const authorizeChecks: readonly AuthorizeCheck[] = [
  { parameter: 'registration', rule: 'OpenID Connect Core §7.2.1: not read here', read: refuseRegistration },
  { parameter: 'response_type', rule: 'RFC 6749 §3.1.1: required, known, allowed to the client', read: readResponseType },
  { parameter: 'response_mode', rule: 'Multiple Response Types §2.1, JARM §2.3: tokens never in the query', read: readResponseMode },
  { parameter: 'scope, resource, authorization_details', rule: 'RFC 6749 §3.3, RFC 8707 §2, RFC 9396 §5: known and allowed to the client', read: readScopes },
  { parameter: 'code_challenge', rule: 'RFC 7636 §4.3, RFC 9700 §2.1.1', read: readProofKey },
  { parameter: 'dpop_jkt', rule: 'RFC 9449 §10: the thumbprint of a key', read: readBoundKey },
  { parameter: 'nonce', rule: 'OpenID Connect Core §3.2.2.1: required where an id_token comes from here', read: readNonce },
  { parameter: 'prompt', rule: 'OpenID Connect Core §3.1.2.1: known values, none alone', read: readPrompt },
  { parameter: 'max_age', rule: 'OpenID Connect Core §3.1.2.1: whole seconds', read: readMaxAge },
  { parameter: 'display', rule: 'OpenID Connect Core §3.1.2.1', read: readDisplay },
  { parameter: 'ui_locales', rule: 'OpenID Connect Core §3.1.2.1: unknown ones are passed over', read: readLocales },
  { parameter: 'login_hint', rule: 'OpenID Connect Core §3.1.2.1', read: ({ params }) => ({ loginHint: params.loginHint }) },
  { parameter: 'acr_values', rule: 'OpenID Connect Core §3.1.2.1: voluntary', read: readContextClasses },
  { parameter: 'claims', rule: 'OpenID Connect Core §5.5', read: readRequestedClaims },
  { parameter: 'id_token_hint', rule: 'OpenID Connect Core §3.1.2.1: ours, expired or not', read: readHint },
]; // prettier-ignore

function refuseRegistration({ params }: CheckContext): Partial<AuthorizeRequest> {
  if (params.registration !== undefined)
    throw refused(
      'registration_not_supported',
      'The registration parameter is not supported: clients are registered beforehand.',
    );
  return {};
}

function readResponseType({ params, client }: CheckContext): Partial<AuthorizeRequest> {
  if (params.responseType === undefined) throw refused('invalid_request', "Parameter 'response_type' is missing.");
  const type = findResponseType(params.responseType);
  if (!type) throw refused('unsupported_response_type', `response_type '${params.responseType}' is not supported.`);
  if (!mayUse(client, type)) {
    throw refused('unauthorized_client', `The client may not use response_type '${type.name}'.`);
  }
  return { responseType: type.parts };
}

function readResponseMode({ params, client, found }: CheckContext): Partial<AuthorizeRequest> {
  const mode = findResponseMode(params.responseMode, found.responseType!);
  if (!mode) throw refused('invalid_request', `response_mode must be one of ${responseModeNames.join(', ')}.`);
  const fault = modeFault(mode, found.responseType!, client);
  if (fault !== undefined) throw refused('invalid_request', fault);
  return { responseMode: mode };
}

async function readScopes({ params, client, found, scopes }: CheckContext): Promise<Partial<AuthorizeRequest>> {
  const granted = await scopes.forPerson(client, params);
  const { code, idToken } = found.responseType!;
  if (idToken && !granted.scopes.includes(Scopes.openid)) {
    throw refused('invalid_scope', "An id_token needs the scope 'openid' (OpenID Connect Core §3.1.2.1).");
  }
  // OpenID Connect Core §11: without a code there is no way to a refresh token, so the scope is passed over.
  const kept = code ? granted.scopes : granted.scopes.filter((scope) => scope !== Scopes.offlineAccess);
  return { scopes: kept, resources: granted.resources, details: granted.details };
}

function readProofKey({ params, client, found }: CheckContext): Partial<AuthorizeRequest> {
  return found.responseType!.code ? { challenge: readChallenge(params, client) } : {};
}

/** Kept with the code; whoever asks for no code has nothing to bind. */
function readBoundKey({ params: { dpopJkt }, found }: CheckContext): Partial<AuthorizeRequest> {
  if (dpopJkt === undefined || !found.responseType!.code) return {};
  // RFC 7638 §3: of SHA-256, in base64url.
  if (/^[A-Za-z0-9_-]{43}$/.test(dpopJkt)) return { dpopJkt };
  throw refused('invalid_request', 'dpop_jkt must be the SHA-256 thumbprint of a key: 43 characters of base64url.');
}

function readNonce({ params, found }: CheckContext): Partial<AuthorizeRequest> {
  if (found.responseType!.idToken && params.nonce === undefined) {
    throw refused(
      'invalid_request',
      "Parameter 'nonce' is missing: an id_token from the authorize endpoint is bound to it.",
    );
  }
  return { nonce: params.nonce };
}

function readPrompt({ params, canCreateAccounts }: CheckContext): Partial<AuthorizeRequest> {
  const values = words(params.prompt);
  const allowed = canCreateAccounts ? prompts : prompts.filter((prompt) => prompt !== 'create');
  const unknown = values.find((value) => !(allowed as readonly string[]).includes(value));
  if (unknown !== undefined)
    throw refused('invalid_request', `prompt '${unknown}' is not one of ${allowed.join(', ')}.`);
  if (values.includes('none') && values.length > 1) {
    throw refused('invalid_request', "prompt 'none' stands alone (OpenID Connect Core §3.1.2.1).");
  }
  // Who makes an account does not choose among accounts, nor sign in to one: the specification warns of such conditions.
  if (values.includes('create') && new Set(values).size > 1) {
    throw refused('invalid_request', "prompt 'create' stands alone (Initiating User Registration §4).");
  }
  return { prompts: new Set(values as Prompt[]) };
}

function readMaxAge({ params, client }: CheckContext): Partial<AuthorizeRequest> {
  if (params.maxAge === undefined) return { maxAge: client.defaultMaxAge };
  if (!/^\d{1,9}$/.test(params.maxAge))
    throw refused('invalid_request', 'max_age must be a whole number of seconds, 0 or more.');
  return { maxAge: Number(params.maxAge) };
}

function readDisplay({ params }: CheckContext): Partial<AuthorizeRequest> {
  const display = displays.find((candidate) => candidate === (params.display ?? 'page'));
  if (!display) throw refused('invalid_request', `display must be one of ${displays.join(', ')}.`);
  return { display };
}

function readLocales({ params }: CheckContext): Partial<AuthorizeRequest> {
  return { uiLocales: words(params.uiLocales).filter((tag) => /^[A-Za-z0-9-]{1,35}$/.test(tag)) };
}

function readContextClasses({ params, levels }: CheckContext): Partial<AuthorizeRequest> {
  return { contextClasses: known(words(params.acrValues), levels), mustReachContextClass: false };
}

/** What nobody can reach is passed over where it is voluntary: asking people to sign in for it would be in vain. */
function known(contextClasses: readonly string[], levels: AuthenticationLevels): readonly string[] {
  return contextClasses.filter((acr) => levels.names.includes(acr));
}

async function readRequestedClaims({
  params,
  client,
  scopes,
  hints,
  levels,
}: CheckContext): Promise<Partial<AuthorizeRequest>> {
  if (params.claims === undefined) return { subjects: [] };
  const { requestedClaims, subject, ...asked } = readClaims(params.claims, await scopes.claimsOpenTo(client));
  const contextClasses = known(asked.contextClasses, levels);
  if (asked.mustReach && asked.contextClasses.length > 0 && contextClasses.length === 0) {
    throw refused(
      'unmet_authentication_requirements',
      'The acr that the claims parameter calls essential cannot be reached.',
    );
  }
  return {
    requestedClaims,
    subjects: subject === undefined ? [] : [await hints.personCalled(subject, client)],
    // The two ways to ask for an acr: the one that can insist counts.
    ...(contextClasses.length > 0 && { contextClasses, mustReachContextClass: asked.mustReach }),
  };
}

async function readHint({ params, client, found, hints }: CheckContext): Promise<Partial<AuthorizeRequest>> {
  if (params.idTokenHint === undefined) return {};
  const hint = await hints.read(params.idTokenHint);
  if (!hint || hint.clientId !== client.clientId) {
    throw refused('invalid_request', 'id_token_hint is not an id_token that this server issued to the client.');
  }
  return { subjects: [...found.subjects!, hint.subject] };
}

function refused(code: OAuthErrorCode, description: string): OAuthError {
  return new OAuthError(code, description);
}

function words(text: string | undefined): string[] {
  return [...new Set((text ?? '').split(' ').filter((word) => word !== ''))];
}
