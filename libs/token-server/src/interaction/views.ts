import type { OAuthErrorCode } from '@tessera/protocol';

/** A client as a page shows it. Every text is the client's own: escape it. */
export interface ClientView {
  readonly clientId: string;
  /** The name, or the id where it has none. */
  readonly name: string;
  readonly description?: string;
  readonly clientUri?: string;
  readonly logoUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** Where a person finds back to the application: an http(s) URL that the client registered; none for a native application without a page. */
  readonly homeUrl?: string;
  /** Of a client that nobody configured: the host that it comes from, which is all that is known of it. The rest is its own word. */
  readonly host?: string;
}

/** The person who is signed in with this browser. */
export interface SignedIn {
  readonly subject: string;
  /** What the person is called on a page. */
  readonly name: string;
  /** `sid` of the session. */
  readonly sessionId: string;
  /** Seconds since 1970. */
  readonly signedInAt: number;
}

/** A sign-in of the person, in this browser or another. */
export interface SessionView {
  readonly sessionId: string;
  readonly isThisOne: boolean;
  readonly userAgent?: string;
  /** Seconds since 1970, as are the following. */
  readonly signedInAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly clients: readonly ClientView[];
}

/** Something a client asks for, in words. */
export interface ScopeView {
  readonly name: string;
  /** As configured; a page may have better words in the person's language for the well-known ones. */
  readonly displayName?: string;
  readonly description?: string;
  /** The person cannot leave it out. */
  readonly required: boolean;
  readonly emphasize: boolean;
  /** Display names of the APIs that it opens; empty for what is about the person. */
  readonly resources: readonly string[];
}

/** One value of an authorization detail. It is the client's own, without line ends and invisible characters, and shortened: escape it. */
export interface DetailMember {
  /** The way to it: `amount.value`. */
  readonly name: string;
  readonly value: string;
}

/** Something that a client asks for with its details (RFC 9396), to be agreed to as it is or not at all. */
export interface DetailView {
  readonly type: string;
  readonly displayName?: string;
  /** With names of members in braces; one text, or one for each language. None: show the members. */
  readonly text?: string | Readonly<Record<string, string>>;
  /** The display name of the API that it is for. */
  readonly resource?: string;
  readonly members: readonly DetailMember[];
}

/** What a client asks a person to agree to. */
export interface ConsentView {
  /** About the person. */
  readonly identity: readonly ScopeView[];
  /** At APIs. */
  readonly api: readonly ScopeView[];
  /** `offline_access`: to go on while the person is away. */
  readonly offlineAccess?: ScopeView;
  /** Names of claims that are asked for one by one (OpenID Connect Core §5.5). */
  readonly claims: readonly string[];
  /** All of them are agreed to, or the request is denied. */
  readonly details: readonly DetailView[];
  readonly canBeRemembered: boolean;
}

/** Another place where a person can sign in: a button on the sign-in page. */
export interface ExternalProvider {
  /** Its name in `identityProviderRestrictions`. */
  readonly id: string;
  readonly displayName: string;
  /** Where its sign-in begins, below the issuer; the id of the interaction is added as `?interaction=`. */
  readonly path: string;
}

export type InteractionStep = 'signIn' | 'createAccount' | 'chooseAccount' | 'consent' | 'proceed';

/** An authorize request that waits for a person in this browser. */
export interface PendingInteraction {
  /** The value of the parameter `interaction` in the addresses and forms of the pages. */
  readonly id: string;
  readonly client: ClientView;
  /** What the authorize endpoint asks for next; `proceed`: nothing more, send the person to {@link PendingInteraction.resumeUrl}. */
  readonly step: InteractionStep;
  /** The authorize endpoint, which goes on with the request and asks again what is missing. */
  readonly resumeUrl: string;
  /** `display` of OpenID Connect Core §3.1.2.1. */
  readonly display: 'page' | 'popup' | 'touch' | 'wap';
  /** `ui_locales`, best first. */
  readonly uiLocales: readonly string[];
  readonly loginHint?: string;
  /** The levels of authentication asked for, in order of preference: what a page that knows several ways should lead to (RFC 9470 §5). */
  readonly contextClasses: readonly string[];
  /** Whether people may sign in with a password here, for this client. */
  readonly localLogin: boolean;
  readonly externalProviders: readonly ExternalProvider[];
  readonly account?: SignedIn;
  /** With the step `consent`. */
  readonly consent?: ConsentView;
  /**
   * For the `form-action` of the page's content security policy: browsers hold a form's redirects to it as well, up to the client's redirect URI.
   */
  readonly formTargets: readonly string[];
}

/**
 * An address of a page whose interaction is not there: used up, too old, of another browser, or never made. The page shows a way on: the
 * client, if `client_id` in the address names one.
 */
export interface LostInteraction {
  readonly lost: true;
  readonly client?: ClientView;
  readonly account?: SignedIn;
}

/** A device that waits for the person (RFC 8628 §3.3). */
export interface DeviceView {
  /** As it is shown on the device: `WDJB-MJHT`. */
  readonly userCode: string;
  readonly client: ClientView;
  readonly consent: ConsentView;
  /** The sign-in is too old for the client: the person has to sign in again, whoever it is, before the device can be let in. */
  readonly signInAgain: boolean;
}

/** What a client asks the person from elsewhere: in the back channel, not by way of this browser (OpenID Connect CIBA). */
export interface BackchannelQuestionView {
  /** The value of the parameter `request` in the address of the page. */
  readonly id: string;
  readonly client: ClientView;
  readonly consent: ConsentView;
  /**
   * What the client shows where the person began this: both have to be the same (CIBA Core §7.1). It is the client's own, without line ends and
   * invisible characters: escape it.
   */
  readonly bindingMessage?: string;
  /** The levels of authentication of which the sign-in has to reach one, in order of preference; none: any will do. */
  readonly contextClasses: readonly string[];
  /** Seconds since 1970, as is the following. */
  readonly askedAt: number;
  readonly expiresAt: number;
  /**
   * Why the person has to sign in again before allowing it: the sign-in is too old for the client, reaches none of the levels, or was made in a way that the
   * client does not admit. None: it will do. Refusing is always possible.
   */
  readonly signInFault?: 'tooOld' | 'tooWeak' | 'notAdmitted';
}

/** A sign-out that waits for the person's word, or that has been carried out. */
export interface SignOutView {
  /** The value of the parameter `interaction`. */
  readonly id?: string;
  /** The client that asked for it, if one did. */
  readonly client?: ClientView;
  readonly account?: SignedIn;
  readonly uiLocales: readonly string[];
  /** Where to send the person afterwards: a registered `post_logout_redirect_uri`, with `state`. */
  readonly returnUrl?: string;
  /** Addresses of the clients to load in frames, once the person is signed out (OpenID Connect Front-Channel Logout §3). */
  readonly frames: readonly string[];
}

/** What a person has allowed an application. */
export interface ApplicationView {
  readonly client: ClientView;
  readonly scopes: readonly ScopeView[];
  /** Seconds since 1970. */
  readonly allowedAt: number;
  /** Seconds since 1970; none: until it is withdrawn. */
  readonly expiresAt?: number;
}

/** Something that cannot go on, for the error page. */
export interface Problem {
  readonly status: number;
  readonly code: OAuthErrorCode;
  /** For the developer of the client: it may quote what was sent, so escape it. */
  readonly description: string;
  /** Also in the log. */
  readonly correlationId?: string;
  readonly client?: ClientView;
}
