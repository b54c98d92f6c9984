import { basic } from '../requests.js';
import type { Conversation } from './conversation.js';
import { isActive } from './introspection.js';
import type { Journal } from './journal.js';
import type { Service } from './service.js';

interface Issued {
  readonly token: string;
  /** Undefined: its revocation was cut off. */
  isActive: boolean | undefined;
}

/** A machine that asks for tokens of which only the store knows, and revokes some. */
export class ReferenceTokens implements Conversation {
  private readonly tokens: Issued[] = [];
  private settled = 0;

  constructor(
    private readonly service: Service,
    private readonly journal: Journal,
  ) {}

  begin(): Promise<void> {
    return this.proceed();
  }

  async proceed(): Promise<void> {
    const answer = await this.service.form('connect/token', { grant_type: 'client_credentials' }, basic('machine'));
    if (answer.status !== 200) return this.journal.violation('A machine was refused', answer);
    const issued: Issued = { token: answer.body.access_token as string, isActive: true };
    this.tokens.push(issued);
    if (this.tokens.length % 4 === 0) await this.revoke(issued);
  }

  /** All tokens since the last time, and some of before. */
  async settle(): Promise<void> {
    const before = this.tokens.slice(0, this.settled);
    const some = before.length === 0 ? [] : Array.from({ length: 5 }, () => oneOf(before));
    for (const issued of [...this.tokens.slice(this.settled), ...some]) await this.check(issued);
    this.settled = this.tokens.length;
  }

  /** All there ever were. */
  async settleEverything(): Promise<void> {
    for (const issued of this.tokens) await this.check(issued);
  }

  private async revoke(issued: Issued): Promise<void> {
    issued.isActive = undefined;
    const answer = await this.service.form('connect/revocation', { token: issued.token }, basic('machine'));
    if (answer.status !== 200) this.journal.violation('A revocation was refused', answer);
    issued.isActive = false;
  }

  private async check(issued: Issued): Promise<void> {
    const active = await isActive(this.service, issued.token);
    if (issued.isActive === undefined) issued.isActive = active;
    if (active === issued.isActive) this.journal.count(`Reference tokens ${active ? 'known' : 'still revoked'}`);
    else this.journal.violation(active ? 'A revoked token is active again' : 'A reference token is unknown', issued);
  }
}

function oneOf<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}
