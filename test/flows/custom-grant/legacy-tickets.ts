import { Injectable } from '@nestjs/common';
import { Clock, createHandle, type HandleHash, hashHandle } from '@tessera/token-server';

/** Whom the old portal gave a ticket, and when that person had signed in there. Times are seconds since 1970. */
export interface LegacyTicket {
  readonly subject: string;
  readonly signedInAt: number;
  readonly expiresAt: number;
}

/** The tickets of the old portal. */
export abstract class LegacyTickets {
  /** The ticket, once: of any number of tries at the same time, one gets it. */
  abstract redeem(ticket: string): Promise<LegacyTicket | undefined>;
}

/** Plays the portal: `issue('1')` is what it would do when the person with subject 1 follows a link to us. */
@Injectable()
export class InMemoryLegacyTickets extends LegacyTickets {
  private readonly tickets = new Map<HandleHash, LegacyTicket>();

  constructor(private readonly clock: Clock) {
    super();
  }

  issue(subject: string, signedInAt = this.clock.now()): string {
    const ticket = createHandle();
    this.tickets.set(hashHandle(ticket), { subject, signedInAt, expiresAt: this.clock.now() + 60 });
    return ticket;
  }

  async redeem(ticket: string): Promise<LegacyTicket | undefined> {
    const hash = hashHandle(ticket);
    const found = this.tickets.get(hash);
    this.tickets.delete(hash);
    return found && found.expiresAt > this.clock.now() ? found : undefined;
  }
}
