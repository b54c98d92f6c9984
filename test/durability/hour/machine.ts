import { basic, type Requests } from '../../requests.js';
import type { Hour, Span } from './hour.js';
import { isActive } from '../introspection.js';
import { lifetimes } from './lifetimes.js';

interface Kept {
  readonly token: string;
  readonly born: Span;
}

/** A token of each so many seconds is kept, and so many in all: longer than they live. */
const keptEvery = 5;
const keptInAll = 40;

/** Asks for tokens of which only the store knows, asks about some of the last minutes, and takes some back. */
export class Machine {
  private readonly kept: Kept[] = [];
  private steps = 0;

  constructor(
    private readonly service: Requests,
    private readonly hour: Hour,
  ) {}

  async proceed(): Promise<void> {
    const from = this.hour.now;
    const answer = await this.service.form('connect/token', { grant_type: 'client_credentials' }, basic('machine'));
    if (answer.status !== 200) return this.hour.journal.violation('A machine was refused', answer);
    this.hour.add('reference_tokens');
    this.hour.count(answer.body as Record<string, unknown>);
    const token = answer.body.access_token as string;
    const step = ++this.steps;
    if (step % 10 === 0) return this.revoke(token);
    if (from >= (this.kept.at(-1)?.born.from ?? 0) + keptEvery) this.keep({ token, born: { from, to: this.hour.now } });
    if (step % 6 === 0 && this.kept.length > 0) await this.check(this.kept[step % this.kept.length]!);
  }

  private keep(kept: Kept): void {
    this.kept.push(kept);
    if (this.kept.length > keptInAll) this.kept.shift();
  }

  private async check({ token, born }: Kept): Promise<void> {
    const asked = this.hour.now;
    const active = await isActive(this.service, token);
    const isAlive = this.hour.isAlive(lifetimes.accessToken, born, asked) ?? active;
    if (active !== isAlive) this.hour.journal.violation('Introspection is wrong', { born, asked, active });
    this.hour.journal.count(active ? 'Reference tokens known' : 'Reference tokens ended');
  }

  private async revoke(token: string): Promise<void> {
    const answer = await this.service.form('connect/revocation', { token }, basic('machine'));
    if (answer.status !== 200) this.hour.journal.violation('A revocation was refused', answer);
    if (await isActive(this.service, token)) this.hour.journal.violation('A revoked token is active', { token });
    this.hour.journal.count('Reference tokens revoked');
  }
}
