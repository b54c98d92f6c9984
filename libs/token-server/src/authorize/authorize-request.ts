import type { Client, CodeChallenge, RequestedClaims } from '@tessera/resource-model';

/** What `response_type` asks for (OAuth 2.0 Multiple Response Type Encoding Practices §3 and §5). */
export interface ResponseType {
  readonly code: boolean;
  readonly idToken: boolean;
  readonly token: boolean;
}

/** How an answer travels (OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode §2). */
export const responseModes = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof responseModes)[number];

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

/** An authorize request in which everything has been checked. */
export interface AuthorizeRequest extends AuthorizeTarget {
  readonly responseType: ResponseType;
  readonly responseMode: ResponseMode;
  readonly state?: string;
  readonly scopes: readonly string[];
  readonly resources?: readonly string[];
  readonly challenge?: CodeChallenge;
  readonly nonce?: string;
  readonly prompts: ReadonlySet<Prompt>;
  /** Seconds. */
  readonly maxAge?: number;
  readonly display: Display;
  readonly uiLocales: readonly string[];
  readonly loginHint?: string;
  readonly acrValues: readonly string[];
  readonly requestedClaims?: RequestedClaims;
  /** The persons that an `id_token_hint` or a value asked for in `claims` names: nobody else may be signed in. */
  readonly subjects: readonly string[];
}
