import type { Consent } from '../consent.js';
import { ConsentStore } from '../stores/consent.store.js';

export class InMemoryConsentStore extends ConsentStore {
  /** By person, then by client. */
  private readonly consents = new Map<string, Map<string, Consent>>();

  async save(consent: Consent): Promise<void> {
    const own = this.consents.get(consent.subject) ?? new Map<string, Consent>();
    this.consents.set(consent.subject, own.set(consent.clientId, consent));
  }

  async find(subject: string, clientId: string): Promise<Consent | undefined> {
    return this.consents.get(subject)?.get(clientId);
  }

  async listBySubject(subject: string): Promise<readonly Consent[]> {
    return [...(this.consents.get(subject)?.values() ?? [])];
  }

  async remove(subject: string, clientId: string): Promise<void> {
    const own = this.consents.get(subject);
    own?.delete(clientId);
    if (own?.size === 0) this.consents.delete(subject);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const all = [...this.consents.values()].flatMap((own) => [...own.values()]);
    const ended = all.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt < now).slice(0, limit);
    for (const { subject, clientId } of ended) await this.remove(subject, clientId);
    return ended.length;
  }
}
