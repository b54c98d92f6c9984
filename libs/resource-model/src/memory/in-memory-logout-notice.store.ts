import type { LogoutNotice } from '../logout-notice.js';
import { LogoutNoticeStore } from '../stores/logout-notice.store.js';

export class InMemoryLogoutNoticeStore extends LogoutNoticeStore {
  private readonly notices = new Map<string, LogoutNotice>();

  async add(notices: readonly LogoutNotice[]): Promise<void> {
    for (const notice of notices) this.notices.set(notice.id, notice);
  }

  async claimDue(
    now: number,
    { limit, except }: { readonly limit: number; readonly except: readonly string[] },
    delay: (attempts: number) => number,
  ): Promise<readonly LogoutNotice[]> {
    const first = [...this.firstDue(now, new Set(except)).values()].sort((one, other) => one.dueAt - other.dueAt);
    return first.slice(0, limit).map((notice) => {
      const attempts = notice.attempts + 1;
      const claimed = { ...notice, attempts, dueAt: now + delay(attempts) };
      this.notices.set(notice.id, claimed);
      return claimed;
    });
  }

  async remove(id: string): Promise<void> {
    this.notices.delete(id);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const ended = [...this.notices.values()].filter(({ expiresAt }) => expiresAt < now).slice(0, limit);
    for (const { id } of ended) this.notices.delete(id);
    return ended.length;
  }

  /** Of each client the notice that has been due longest. */
  private firstDue(now: number, except: ReadonlySet<string>): ReadonlyMap<string, LogoutNotice> {
    const first = new Map<string, LogoutNotice>();
    for (const notice of this.notices.values()) {
      const { clientId, dueAt, expiresAt } = notice;
      if (dueAt > now || expiresAt <= now || except.has(clientId)) continue;
      if (dueAt < (first.get(clientId)?.dueAt ?? Infinity)) first.set(clientId, notice);
    }
    return first;
  }
}
