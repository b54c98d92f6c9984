import { CodeExchange } from './code-exchange.js';
import { type Conversation, settleAll } from './conversation.js';
import type { Journal } from './journal.js';
import { ReferenceTokens } from './reference-tokens.js';
import { RefreshChain } from './refresh-chain.js';
import type { Service } from './service.js';
import { SignIns } from './sign-ins.js';

/** All kinds of conversations at once. */
export interface Load {
  readonly conversations: readonly Conversation[];
  /** After the last: all that was ever answered still holds. */
  settleEverything(): Promise<void>;
}

/** Each conversation reaches the server on a way of its own. */
export function createLoad(open: () => Service, journal: Journal): Load {
  const chains = Array.from({ length: 4 }, () => new RefreshChain(open(), journal));
  const exchanges = Array.from({ length: 3 }, () => new CodeExchange(open(), journal));
  const machines = Array.from({ length: 2 }, () => new ReferenceTokens(open(), journal));
  const signIns = new SignIns(open(), journal);
  const conversations = [...chains, ...exchanges, ...machines, signIns];
  const settleEverything = async () => {
    await settleAll(conversations, journal);
    for (const one of [...machines, signIns]) await one.settleEverything();
  };
  return { conversations, settleEverything };
}
