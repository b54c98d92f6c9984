import { type KeyState, type SigningKey, stateOf } from '@tessera/token-server';
import { date, distance } from '../output/time.js';
import type { OpenedKeys } from './opened-keys.js';

/** What became of a key that was made or taken in. */
export interface NewKeyReport {
  readonly key: SigningKey;
  readonly state: KeyState;
  /** The key of the algorithm that signed until then, if there was one. */
  readonly before?: SigningKey;
  /** Which key signs now, and until when. */
  readonly sentence: string;
}

/** Has the key made, and tells what that changed. Undefined where none was made. */
export async function reported(
  { store, options: { keys: rules } }: OpenedKeys,
  algorithm: SigningKey['algorithm'],
  make: () => Promise<SigningKey | undefined>,
): Promise<NewKeyReport | undefined> {
  const inState = (wanted: KeyState, keys: readonly SigningKey[]) =>
    keys.filter((one) => one.algorithm === algorithm && stateOf(one, keys, Date.now() / 1000, rules) === wanted);
  const earlier = await store.list();
  const [before] = inState('signing', earlier);
  const key = await make();
  if (!key) return undefined;
  const now = await store.list();
  const state = stateOf(key, now, Date.now() / 1000, rules);
  const stillAnnounced = new Set(inState('announced', now).map(({ kid }) => kid));
  const dropped = inState('announced', earlier).filter(({ kid }) => !stillAnnounced.has(kid));
  const until = rules.automatic ? `until ${date(key.signsFrom + rules.retention)}` : 'until it is revoked';
  const sentence =
    state === 'announced'
      ? `it is announced, and signs from ${date(key.signsFrom)} on (${distance(key.signsFrom, key.createdAt)}); until then ${before?.kid} signs.`
      : `it signs from now on${before ? `; ${before.kid} is retired, and its tokens are accepted ${until}.` : '.'}`;
  return { key, state, before, sentence: [sentence, ...dropped.map(({ kid }) => wasDropped(kid))].join(' ') };
}

/** Of a key that others may have put there themselves: they want to know. */
export function wasDropped(kid: string): string {
  return `The key ${kid}, which was announced, is dropped and will never sign.`;
}

/** For programs. */
export function toJson({ key, state, before }: NewKeyReport) {
  return { algorithm: key.algorithm, kid: key.kid, state, signsFrom: date(key.signsFrom), before: before?.kid };
}

/** What follows for others, where a new key signs that they could not hear of before. */
export const suddenly =
  'Running servers know within 2 seconds. An API that has kept the key set refuses tokens of the new key until it fetches the set again: the guard and most libraries do as soon as they meet a key that they do not know, others after 5 minutes.';

export const unhurried = 'Nothing else needs to be done: running servers announce it within 2 seconds.';
