// The life of a signing key, computed from when it was made and from the keys beside it: nothing is written down when a state changes, so
// no node can miss it.
import type { KeyRules, SigningKey } from '@tessera/resource-model';

/** What a signing key is good for at a time. A deleted key is out of the key set, and its tokens are refused. */
export type KeyState = 'announced' | 'signing' | 'retired' | 'deleted';

interface KeyLife {
  /** Seconds since 1970, all of them. */
  readonly signsFrom: number;
  readonly retiresAt: number;
  readonly deletedAt: number;
}

/** What a key does at `now` (seconds since 1970). `siblings`: all keys, this one and those of other algorithms may be among them. */
export function stateOf(key: SigningKey, siblings: readonly SigningKey[], now: number, rules: KeyRules): KeyState {
  const { signsFrom, retiresAt, deletedAt } = lifeOf(key, siblings, rules);
  if (now >= deletedAt) return 'deleted';
  if (now >= retiresAt) return 'retired';
  return now >= signsFrom ? 'signing' : 'announced';
}

/** The first time after `now` at which a key changes its state; Infinity where none will. */
export function nextChange(keys: readonly SigningKey[], now: number, rules: KeyRules): number {
  const times = keys.flatMap((key) => Object.values(lifeOf(key, keys, rules)) as number[]);
  return Math.min(...times.filter((time) => time > now));
}

/** Generation and time of the key that an algorithm needs made at `now`, if it needs one. `keys`: those of the algorithm. */
export function dueKey(
  keys: readonly SigningKey[],
  now: number,
  { rotationInterval, propagationTime }: KeyRules,
): Pick<SigningKey, 'generation' | 'signsFrom'> | undefined {
  const newest = newestOf(keys);
  if (!newest) return { generation: 1, signsFrom: now };
  const endsAt = newest.signsFrom + rotationInterval;
  if (now < endsAt - propagationTime) return undefined;
  // Past its end there is nobody left who has to be waited for. Before, a server that was off at the time for it signs on with the old key
  // until the new one was announced for as long as any.
  return { generation: newest.generation + 1, signsFrom: now < endsAt ? now + propagationTime : now };
}

export function newestOf(keys: readonly SigningKey[]): SigningKey | undefined {
  return keys.reduce<SigningKey | undefined>(
    (newest, key) => (newest && newest.generation > key.generation ? newest : key),
    undefined,
  );
}

function lifeOf(key: SigningKey, all: readonly SigningKey[], rules: KeyRules): KeyLife {
  const siblings = all.filter(({ algorithm }) => algorithm === key.algorithm);
  const later = siblings.filter(({ generation }) => generation > key.generation);
  const isFirst = !siblings.some(({ generation }) => generation < key.generation);
  const retiresAt = Math.min(...later.map(({ signsFrom }) => signsFrom));
  // One that was passed over before its time came has signed nothing that would have to be accepted.
  const hasSigned = key.signsFrom <= retiresAt;
  const retention = rules.automatic ? rules.retention : Infinity;
  return {
    // Where nothing else can sign a key does so before its time: on a node whose clock is behind that of the one who made it.
    signsFrom: isFirst ? -Infinity : key.signsFrom,
    retiresAt,
    deletedAt: hasSigned ? retiresAt + retention : retiresAt,
  };
}

/** Which keys came (`+`) and went (`-`), for the log. */
export function kidChanges(before: readonly string[], now: readonly string[]): string[] {
  const [known, kids] = [new Set(before), new Set(now)];
  const came = now.filter((kid) => !known.has(kid)).map((kid) => `+ ${kid}`);
  return [...came, ...before.filter((kid) => !kids.has(kid)).map((kid) => `- ${kid}`)];
}
