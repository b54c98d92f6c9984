import type { BackchannelQuestionView, SignedIn } from '@tessera/token-server';
import { withChoice } from '../consent/consent-choice.js';
import type { Refusal } from '../form/refusal.js';
import type { Page } from '../rendering/page.js';

/** What the page of one question is made of. */
interface Question {
  readonly question: BackchannelQuestionView;
  readonly account: SignedIn;
  readonly csrf: string;
  /** Where the person signs in again, and comes back from. */
  readonly signInUrl: string;
  readonly refusal?: Refusal;
  /** The scopes that were ticked. */
  readonly chosen?: readonly string[];
}

/** Who asks, for what, and with which message: the person compares it with the one at the other place (CIBA Core §7.1). */
export function questionPage({ question, account, csrf, signInUrl, refusal, chosen }: Question): Page {
  const { id, client, consent, bindingMessage, askedAt, signInFault } = question;
  return {
    template: 'backchannel',
    title: { key: 'backchannel.title', values: { client: client.name } },
    ...refusal,
    data: {
      csrf,
      account,
      request: id,
      client,
      consent: withChoice(consent, chosen),
      bindingMessage,
      askedAt,
      signInFault,
      signInUrl,
    },
  };
}

/** What the page of all questions is made of. */
interface Questions {
  readonly questions: readonly (BackchannelQuestionView & { readonly url: string })[];
  readonly account: SignedIn;
  readonly otherAccountUrl: string;
  readonly refusal?: Refusal;
}

export function listPage({ questions, account, otherAccountUrl, refusal }: Questions): Page {
  return {
    template: 'backchannel-list',
    title: { key: questions.length === 0 ? 'backchannel.none' : 'backchannel.listTitle' },
    ...refusal,
    data: { questions, account, otherAccountUrl },
  };
}

export function donePage(allowed: boolean): Page {
  return {
    template: 'backchannel-done',
    title: { key: allowed ? 'backchannel.allowedTitle' : 'backchannel.deniedTitle' },
    data: { allowed },
  };
}
