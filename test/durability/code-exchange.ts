import { type Answer, basic } from '../requests.js';
import type { Conversation } from './conversation.js';
import type { Journal } from './journal.js';
import { isActive } from './introspection.js';
import { codeParams, Person } from './person.js';
import type { Service } from './service.js';

interface Redeemed {
  readonly code: string;
  readonly token: string;
}

/** A person who is signed in brings one code after the other, and a client redeems each. */
export class CodeExchange implements Conversation {
  private readonly person: Person;
  private isSignedIn = false;
  private issued: string | undefined;
  private isUnderWay = false;
  private redeemed: Redeemed[] = [];
  private steps = 0;

  constructor(
    private readonly service: Service,
    private readonly journal: Journal,
  ) {
    this.person = new Person(service, journal);
  }

  async begin(): Promise<void> {
    this.isSignedIn = await this.person.signIn();
  }

  async proceed(): Promise<void> {
    if (!this.isSignedIn) return this.begin();
    this.issued = await this.person.code();
    // Now and then somebody else tries it at the same moment.
    if (this.issued !== undefined) await this.redeem(this.issued, ++this.steps % 4 === 0 ? 2 : 1);
  }

  async settle(): Promise<void> {
    if (this.issued !== undefined) await this.settleCode(this.issued);
    for (let next = this.redeemed.at(-1); next; next = this.redeemed.at(-1)) {
      await this.replay(next);
      this.redeemed.pop();
    }
    if (this.isSignedIn && (await this.person.code()) !== undefined) this.journal.count('Sessions known');
  }

  /** A code that was issued is not lost; one whose redemption was cut off works at most once. */
  private async settleCode(code: string): Promise<void> {
    this.journal.count(this.isUnderWay ? 'Codes cut off while redeemed' : 'Codes issued and not yet redeemed');
    await this.redeem(code, 1);
  }

  private async redeem(code: string, times: number): Promise<void> {
    const wasUnderWay = this.isUnderWay;
    this.isUnderWay = true;
    const outcomes = await Promise.allSettled(Array.from({ length: times }, () => this.present(code)));
    const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const won = answers.filter(({ status }) => status === 200);
    if (won.length > 1) this.journal.violation('A code was redeemed twice', { code, answers });
    if (won[0]) this.redeemed.push({ code, token: won[0].body.access_token as string });
    const unknown = outcomes.find((outcome) => outcome.status === 'rejected');
    if (unknown && !won[0]) throw unknown.reason;
    [this.issued, this.isUnderWay] = [undefined, false];
    if (won[0]) this.journal.count('Codes redeemed');
    else if (wasUnderWay) this.journal.count('Codes used up without an answer');
    else this.journal.violation('A code that was issued does not work', { code, answers });
    if (unknown) throw unknown.reason;
  }

  private async replay({ code, token }: Redeemed): Promise<void> {
    const again = await this.present(code);
    if (again.status !== 400 || again.body.error !== 'invalid_grant') {
      this.journal.violation('A redeemed code was not refused', { code, again });
    }
    // RFC 6749 §4.1.2: what was issued with the code is revoked.
    if (await isActive(this.service, token)) this.journal.violation('A replayed code left its token active', { code });
    this.journal.count('Redeemed codes refused');
  }

  private present(code: string): Promise<Answer> {
    return this.service.form('connect/token', { ...codeParams, code }, basic('web'));
  }
}
