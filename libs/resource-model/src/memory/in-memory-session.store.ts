import type { HandleHash } from '../handle.js';
import type { Session } from '../session.js';
import { SessionStore } from '../stores/session.store.js';

export class InMemorySessionStore extends SessionStore {
  private readonly byId = new Map<string, Session>();
  private readonly idOf = new Map<HandleHash, string>();
  private readonly ofSubject = new Map<string, Set<string>>();

  async add(session: Session): Promise<void> {
    this.put(session);
    const ids = this.ofSubject.get(session.subject);
    if (ids) ids.add(session.id);
    else this.ofSubject.set(session.subject, new Set([session.id]));
  }

  async find(handleHash: HandleHash): Promise<Session | undefined> {
    const id = this.idOf.get(handleHash);
    return id === undefined ? undefined : this.byId.get(id);
  }

  async findById(id: string): Promise<Session | undefined> {
    return this.byId.get(id);
  }

  async listBySubject(subject: string): Promise<readonly Session[]> {
    const sessions = [...(this.ofSubject.get(subject) ?? [])].map((id) => this.byId.get(id)!);
    return sessions.sort((one, other) => other.createdAt - one.createdAt);
  }

  async touch(id: string, lastSeenAt: number, expiresAt: number): Promise<boolean> {
    return this.change(id, (session) => ({ ...session, lastSeenAt, expiresAt }));
  }

  async addClient(id: string, clientId: string): Promise<boolean> {
    return this.change(id, (session) =>
      session.clients.includes(clientId) ? session : { ...session, clients: [...session.clients, clientId] },
    );
  }

  async replace(session: Session): Promise<boolean> {
    return this.change(session.id, ({ clients }) => ({
      ...session,
      clients: [...new Set([...clients, ...session.clients])],
    }));
  }

  async remove(id: string): Promise<Session | undefined> {
    const session = this.byId.get(id);
    if (!session) return undefined;
    this.byId.delete(id);
    this.idOf.delete(session.handleHash);
    const ids = this.ofSubject.get(session.subject);
    ids?.delete(id);
    if (ids?.size === 0) this.ofSubject.delete(session.subject);
    return session;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const ended = [...this.byId.values()].filter(({ expiresAt }) => expiresAt < now).slice(0, limit);
    for (const { id } of ended) await this.remove(id);
    return ended.length;
  }

  /** Nothing is awaited between the look and the change, so no other request comes in between. */
  private change(id: string, next: (session: Session) => Session): boolean {
    const session = this.byId.get(id);
    if (!session) return false;
    this.idOf.delete(session.handleHash);
    this.put(next(session));
    return true;
  }

  private put(session: Session): void {
    this.byId.set(session.id, session);
    this.idOf.set(session.handleHash, session.id);
  }
}
