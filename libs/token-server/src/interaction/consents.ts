import { Injectable } from '@nestjs/common';
import {
  type Client,
  Clock,
  type Consent,
  ConsentStore,
  type InteractionAnswers,
  type Session,
} from '@tessera/resource-model';
import type { AuthorizeRequest } from '../authorize/authorize-request.js';
import { GrantedAccess } from '../tokens/granted-access.js';

/** Scopes, and claims one by one. */
type Agreeable = Pick<Consent, 'scopes' | 'claims'>;

/** What a person was asked and said. */
interface ConsentAnswer {
  readonly asked: Agreeable;
  readonly agreed: Agreeable;
  /** Whether the person shall not be asked for this again. */
  readonly remember: boolean;
}

/** What people allow clients, now and for later. */
@Injectable()
export class Consents {
  constructor(
    private readonly store: ConsentStore,
    private readonly access: GrantedAccess,
    private readonly clock: Clock,
  ) {}

  /** Whether the person has to be asked, and has not answered yet. */
  async isMissing(request: AuthorizeRequest, session: Session, { consent }: InteractionAnswers): Promise<boolean> {
    if (consent?.sessionId === session.id) return false;
    // What a person agreed to in detail, a payment, was agreed to this one time.
    if (request.details || request.prompts.has('consent') || !isAssured(request)) return true;
    if (!request.client.requireConsent) return false;
    const remembered = await this.remembered(session.subject, request.client);
    return !remembered || !covers(remembered, request);
  }

  /**
   * Notes an answer. What the person was asked and did not choose is remembered no longer, whether or not the answer itself is to be. What they were not
   * asked about stays; then all of it ends when that was to end, because nobody has asked them to prolong it.
   */
  async note(subject: string, client: Client, { asked, agreed, remember }: ConsentAnswer): Promise<void> {
    const earlier = await this.remembered(subject, client);
    const kept = earlier && { ...earlier, ...without(earlier, remember ? asked : without(asked, agreed)) };
    const added = remember ? this.consent(subject, client, agreed) : undefined;
    const parts = [kept, added].filter((part) => part !== undefined && !isEmpty(part)) as Consent[];
    const latest = parts.at(-1);
    if (latest) await this.store.save({ ...latest, ...joined(parts), expiresAt: earliest(parts) });
    else if (earlier) await this.store.remove(subject, client.clientId);
  }

  /** All that count now. */
  async of(subject: string): Promise<readonly Consent[]> {
    return (await this.store.listBySubject(subject)).filter((consent) => this.counts(consent));
  }

  /** Takes back what a person allowed a client, and all that came of it. */
  async withdraw(subject: string, client: Client): Promise<void> {
    await this.store.remove(subject, client.clientId);
    await this.access.end(subject, client);
  }

  private consent(subject: string, { clientId, consentLifetime }: Client, agreed: Agreeable): Consent {
    const now = this.clock.now();
    const expiresAt = consentLifetime === undefined ? undefined : now + consentLifetime;
    return { subject, clientId, ...agreed, createdAt: now, expiresAt };
  }

  private async remembered(subject: string, client: Client): Promise<Consent | undefined> {
    if (!client.allowRememberConsent) return undefined;
    const found = await this.store.find(subject, client.clientId);
    return found && this.counts(found) ? found : undefined;
  }

  private counts({ expiresAt }: Consent): boolean {
    return expiresAt === undefined || expiresAt > this.clock.now();
  }
}

/** Whether an answer about the request may be remembered. */
export function canBeRemembered(request: AuthorizeRequest): boolean {
  return request.client.allowRememberConsent && isAssured(request) && !request.details;
}

/**
 * Whether the answer reaches the client itself and no impostor (RFC 6749 §10.2, RFC 8252 §8.6). An https address is the client's own; at any other, another
 * program on the person's machine may listen, so the client must need its secret for what it gets there.
 */
function isAssured({ client, redirectUri, responseType }: AuthorizeRequest): boolean {
  const needsSecret = client.requireClientSecret && !responseType.token && !responseType.idToken;
  return needsSecret || redirectUri.startsWith('https://');
}

function covers({ scopes, claims }: Consent, request: AuthorizeRequest): boolean {
  return (
    request.scopes.every((scope) => scopes.includes(scope)) && claimsOf(request).every((name) => claims.includes(name))
  );
}

/** The names of all claims that a request asks for one by one. */
export function claimsOf({ requestedClaims }: Pick<AuthorizeRequest, 'requestedClaims'>): string[] {
  return [...new Set([...(requestedClaims?.idToken ?? []), ...(requestedClaims?.userinfo ?? [])])];
}

function without(one: Agreeable, other: Agreeable): Agreeable {
  return {
    scopes: one.scopes.filter((scope) => !other.scopes.includes(scope)),
    claims: one.claims.filter((name) => !other.claims.includes(name)),
  };
}

function joined(parts: readonly Agreeable[]): Agreeable {
  return {
    scopes: [...new Set(parts.flatMap(({ scopes }) => scopes))],
    claims: [...new Set(parts.flatMap(({ claims }) => claims))],
  };
}

function isEmpty({ scopes, claims }: Agreeable): boolean {
  return scopes.length + claims.length === 0;
}

function earliest(parts: readonly Consent[]): number | undefined {
  const ends = parts.flatMap(({ expiresAt }) => expiresAt ?? []);
  return ends.length > 0 ? Math.min(...ends) : undefined;
}
