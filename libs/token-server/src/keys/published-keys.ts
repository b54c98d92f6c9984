import { Logger } from '@nestjs/common';
import { type Clock, type Jwk, type KeySet, keySetFault } from '@tessera/resource-model';
import type { Outgoing, OutgoingAnswer } from '../http/outgoing.js';
import { KeyUnavailableError } from './key-holder.js';
import { PublicKeySet } from './public-key-set.js';

/** How long what was fetched counts, in seconds, where Cache-Control says nothing, and how little and how much it may say. */
const lifetime = { usual: 600, least: 60, most: 86_400 };

/** Seconds between two fetches for the same reason: names of keys that do not exist cost nothing to invent. */
const coolDown = 30;

/** Seconds for which keys count whose address no longer answers. */
const keptWithoutAnswer = 86_400;

/** Whether an address may be called now; `isKnown`: it gave keys before. */
export type FetchBudget = (address: string, isKnown: boolean, now: number) => boolean;

const unlimited: FetchBudget = () => true;

const logger = new Logger('TokenServer');

/** The keys that are published at one address: fetched when they are needed, kept for a while, and fetched anew for a key that is not among them. */
export class PublishedKeys {
  private known: { readonly set: PublicKeySet; readonly at: number; readonly until: number } | undefined;
  private fault: KeyUnavailableError | undefined;
  private triedAt = -Infinity;
  /** When a key was last looked for that was not among them: a change is found also right after a fetch, and invented names find the door shut after one. */
  private soughtAt = -Infinity;
  private fetching: Promise<void> | undefined;

  constructor(
    private readonly address: string,
    private readonly outgoing: Outgoing,
    private readonly clock: Clock,
    private readonly budget: FetchBudget = unlimited,
  ) {}

  /** `isEnough`: whether what is known has what is looked for. @throws KeyUnavailableError where there are none to be had */
  async current(isEnough: (keys: PublicKeySet) => boolean = () => true): Promise<PublicKeySet> {
    const now = this.clock.now();
    const isOld = !this.known || this.known.until <= now;
    const isDue = isOld || !isEnough(this.known!.set);
    if (isDue && this.fetching) await this.fetching;
    else if (isDue && (isOld ? this.triedAt : this.soughtAt) + coolDown <= now) await this.fetchWithin(now, isOld);
    if (this.known && this.known.at + keptWithoutAnswer > now) return this.known.set;
    throw this.fault ?? new KeyUnavailableError(`${this.address} gave no keys`);
  }

  private async fetchWithin(now: number, isOld: boolean): Promise<void> {
    if (this.budget(this.address, this.known !== undefined, now)) {
      if (!isOld) this.soughtAt = now;
      return this.fetch(now);
    }
    // Not counted as a try: the next one may find room.
    this.fault = new KeyUnavailableError(
      `the keys at ${this.address} were not fetched: too many requests within a minute`,
    );
  }

  /** Whoever asks meanwhile waits for this one. */
  private fetch(now: number): Promise<void> {
    this.triedAt = now;
    this.fetching = this.take(now).finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async take(now: number): Promise<void> {
    try {
      const answer = await this.outgoing.get(this.address, 'application/jwk-set+json, application/json');
      const set = new PublicKeySet(keysOf(answer));
      this.known = { set, at: now, until: now + lifetimeOf(answer) };
      this.fault = undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.fault = new KeyUnavailableError(`the keys at ${this.address} could not be fetched: ${reason}`);
      logger.warn(`${this.known ? 'Keys stay as they are: ' : ''}${this.fault.message}`);
    }
  }
}

function keysOf({ status, body }: OutgoingAnswer): readonly Jwk[] {
  // A redirect would lead to where nobody registered.
  if (status !== 200) throw new Error(`the answer is ${status}, and only 200 is taken`);
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    throw new Error('the answer is not JSON');
  }
  const fault = keySetFault(content);
  if (fault !== undefined) throw new Error(`the answer ${fault}`);
  return (content as KeySet).keys;
}

/** RFC 9111 §5.2.2: what the address says of it, within bounds. */
function lifetimeOf({ headers }: OutgoingAnswer): number {
  const control = headers['cache-control'] ?? '';
  if (/\bno-(?:store|cache)\b/i.test(control)) return lifetime.least;
  const seconds = /\bmax-age\s*=\s*"?(\d{1,9})/i.exec(control);
  return seconds ? Math.min(Math.max(Number(seconds[1]), lifetime.least), lifetime.most) : lifetime.usual;
}
