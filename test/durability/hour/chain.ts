import { type Answer, basic, type Requests } from '../../requests.js';
import { isActive } from '../introspection.js';
import type { Hour, Span } from './hour.js';
import { lifetimes } from './lifetimes.js';

/** Refreshes until the family has ended or is revoked, and signs in anew then; takes some access tokens back. */
export class Chain {
  private current: string | undefined;
  private born: Span = { from: 0, to: 0 };
  private steps = 0;

  constructor(
    private readonly service: Requests,
    private readonly hour: Hour,
    private readonly clientId: 'jwt_chain' | 'reference_chain',
  ) {}

  async proceed(): Promise<void> {
    if (this.current === undefined) return this.signIn();
    const asked = this.hour.now;
    const answer = await this.refresh(this.current);
    const isAlive = this.hour.isAlive(lifetimes.refreshToken, this.born, asked);
    if (answer.status === 200 && isAlive !== false) return this.goOn(answer);
    this.current = undefined;
    if (isRefused(answer) && isAlive !== true) this.hour.journal.count('Refresh tokens ended');
    else this.hour.journal.violation('A refresh was answered wrongly', { born: this.born, asked, answer });
  }

  private async signIn(): Promise<void> {
    const from = this.hour.now;
    const person = { username: 'alice', password: 'alice', scope: 'openid api1 offline_access' };
    const answer = await this.ask({ grant_type: 'password', ...person });
    if (answer.status !== 200) return this.hour.journal.violation('A sign-in with a password was refused', answer);
    this.born = { from, to: this.hour.now };
    this.take(answer);
  }

  private async goOn(answer: Answer): Promise<void> {
    this.hour.add('refresh_responses');
    this.take(answer);
    const step = ++this.steps;
    if (step % 400 === 0) await this.revokeFamily(answer);
    else if (step % 20 === 0) await this.revokeAccessToken(answer);
  }

  private take({ body }: Answer): void {
    this.hour.add('refresh_tokens');
    if (this.clientId === 'reference_chain') this.hour.add('reference_tokens');
    this.hour.count(body as Record<string, unknown>);
    this.current = body.refresh_token as string;
  }

  private async revokeFamily({ body }: Answer): Promise<void> {
    await this.revoke(body.refresh_token as string);
    const again = await this.refresh(body.refresh_token as string);
    if (!isRefused(again)) this.hour.journal.violation('A revoked refresh token works', again);
    await this.expectInactive(body.access_token as string);
    this.hour.add('revoked_tokens');
    this.hour.journal.count('Families revoked');
    this.current = undefined;
  }

  private async revokeAccessToken({ body }: Answer): Promise<void> {
    await this.revoke(body.access_token as string);
    await this.expectInactive(body.access_token as string);
    if (this.clientId === 'jwt_chain') this.hour.add('revoked_tokens');
    this.hour.journal.count('Access tokens revoked');
  }

  private async revoke(token: string): Promise<void> {
    const answer = await this.service.form('connect/revocation', { token }, basic(this.clientId));
    if (answer.status !== 200) this.hour.journal.violation('A revocation was refused', answer);
  }

  private async expectInactive(token: string): Promise<void> {
    if (await isActive(this.service, token)) this.hour.journal.violation('A revoked token is active', { token });
  }

  private refresh(token: string): Promise<Answer> {
    return this.ask({ grant_type: 'refresh_token', refresh_token: token });
  }

  private ask(params: Readonly<Record<string, string>>): Promise<Answer> {
    return this.service.form('connect/token', params, basic(this.clientId));
  }
}

function isRefused({ status, body }: Answer): boolean {
  return status === 400 && (body as { error?: string }).error === 'invalid_grant';
}
