import { isDeepStrictEqual } from 'node:util';
import { type Answer, basic } from '../requests.js';
import { refreshTokenGrace } from './configuration.js';
import type { Conversation } from './conversation.js';
import type { Journal } from './journal.js';
import type { Service } from './service.js';

/** The clocks of both sides count whole seconds. */
const safeGraceMilliseconds = (refreshTokenGrace - 1.5) * 1000;

/** A client that signs in once with a password and refreshes from then on, each time with the token of the last answer. */
export class RefreshChain implements Conversation {
  private current: string | undefined;
  /** When `current` was first presented: its answer is unknown still. */
  private presentedAt: number | undefined;
  private last: { readonly token: string; readonly answer: Answer; readonly presentedAt: number } | undefined;
  private steps = 0;

  constructor(
    private readonly service: Service,
    private readonly journal: Journal,
  ) {}

  begin(): Promise<void> {
    return this.signIn();
  }

  async proceed(): Promise<void> {
    if (this.current === undefined) await this.signIn();
    // Now and then as two tabs do.
    else await this.refresh(this.current, ++this.steps % 4 === 0 ? 2 : 1);
  }

  async settle(): Promise<void> {
    if (this.current === undefined) return;
    if (this.presentedAt !== undefined) {
      this.journal.count('Refreshes cut off and repeated');
      await this.refresh(this.current, 2);
    }
    await this.repeatLast();
    if (this.current === undefined) return;
    await this.refresh(this.current, 1);
    this.journal.count('Refresh chains that went on');
  }

  private async signIn(): Promise<void> {
    const params = {
      grant_type: 'password',
      username: 'alice',
      password: 'alice',
      scope: 'openid api1 offline_access',
    };
    const answer = await this.service.form('connect/token', params, basic('chain'));
    if (answer.status !== 200) return this.journal.violation('A sign-in with a password was refused', answer);
    this.current = answer.body.refresh_token as string;
  }

  private async refresh(token: string, times: number): Promise<void> {
    const presentedAt = (this.presentedAt ??= Date.now());
    const outcomes = await Promise.allSettled(Array.from({ length: times }, () => this.present(token)));
    const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    // Past the grace the first repetition revokes the family, and the next one finds nothing.
    if (isWithinGrace(presentedAt)) for (const one of answers) this.compare(token, answers[0]!, one);
    const answer = answers.find(({ status }) => status !== 200) ?? answers[0];
    if (answer && answers.length === times) return this.goOn({ token, answer, presentedAt });
    throw outcomes.find((outcome) => outcome.status === 'rejected')!.reason;
  }

  private goOn(last: NonNullable<RefreshChain['last']>): void {
    this.presentedAt = undefined;
    if (last.answer.status === 200) {
      this.last = last;
      this.current = last.answer.body.refresh_token as string;
      return;
    }
    [this.current, this.last] = [undefined, undefined];
    if (!isWithinGrace(last.presentedAt)) this.journal.count('Refresh chains given up: past the grace');
    else this.journal.violation('A refresh token that was answered is refused', last);
  }

  /** What was answered is answered again within the grace, with the very same bytes. */
  private async repeatLast(): Promise<void> {
    if (!this.last || !isWithinGrace(this.last.presentedAt)) return;
    const { token, answer } = this.last;
    const again = await this.present(token);
    if (!isWithinGrace(this.last.presentedAt) && again.status !== 200) {
      this.current = undefined;
      return this.journal.count('Refresh chains given up: past the grace');
    }
    this.journal.count('Answered refreshes repeated');
    this.compare(token, answer, again);
  }

  private async present(token: string): Promise<Answer> {
    const params = { grant_type: 'refresh_token', refresh_token: token };
    const answer = await this.service.form('connect/token', params, basic('chain'));
    if (answer.status === 200) this.journal.successor(token, answer.body as { refresh_token: string });
    return answer;
  }

  private compare(token: string, first: Answer, again: Answer): void {
    if (first.status === again.status && isDeepStrictEqual(first.body, again.body)) return;
    this.journal.violation('A repeated refresh was answered differently', { token, first, again });
  }
}

function isWithinGrace(presentedAt: number): boolean {
  return Date.now() - presentedAt <= safeGraceMilliseconds;
}
