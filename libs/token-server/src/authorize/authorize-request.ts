import type { AuthorizationDetail, Client, CodeChallenge, Interaction, RequestedClaims } from '@tessera/resource-model';
import type { ResponseMode } from './response-modes.js';
import type { ResponseType } from './response-types.js';

export const displays = ['page', 'popup', 'touch', 'wap'] as const;
export type Display = (typeof displays)[number];

/** OpenID Connect Core §3.1.2.1; `create`: Initiating User Registration 1.0 §4. */
export const prompts = ['none', 'login', 'consent', 'select_account', 'create'] as const;
export type Prompt = (typeof prompts)[number];

/** Where the answer to an authorize request goes: nothing but what its client has registered gets this far. */
export interface AuthorizeTarget {
  readonly client: Client;
  readonly redirectUri: string;
}

/** What is kept of a request while a person is asked: what counts of it, so that nothing has to be looked up or verified again. */
export type KeptRequest = Pick<Interaction, 'parameters' | 'pushedRequest'>;

/** An authorize request in which everything has been checked. */
export interface AuthorizeRequest extends AuthorizeTarget {
  readonly kept: KeptRequest;
  readonly responseType: ResponseType;
  readonly responseMode: ResponseMode;
  readonly state?: string;
  readonly scopes: readonly string[];
  readonly resources?: readonly string[];
  readonly details?: readonly AuthorizationDetail[];
  readonly challenge?: CodeChallenge;
  /** The thumbprint of the key whose holder alone may redeem the code. */
  readonly dpopJkt?: string;
  readonly nonce?: string;
  readonly prompts: ReadonlySet<Prompt>;
  /** Seconds. */
  readonly maxAge?: number;
  readonly display: Display;
  readonly uiLocales: readonly string[];
  readonly loginHint?: string;
  /** The levels of authentication asked for, of those that the server knows, in order of preference. */
  readonly contextClasses: readonly string[];
  /** Whether a sign-in that reaches none of them is refused (OpenID Connect Core §5.5.1.1). */
  readonly mustReachContextClass: boolean;
  readonly requestedClaims?: RequestedClaims;
  /** The persons that an `id_token_hint` or a value asked for in `claims` names: nobody else may be signed in. */
  readonly subjects: readonly string[];
}
