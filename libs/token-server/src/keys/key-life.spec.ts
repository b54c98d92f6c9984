import { describe, expect, it } from '@jest/globals';
import { KeyRules, type SigningKey } from '@tessera/resource-model';
import { dueKey, nextChange, stateOf } from './key-life.js';

const day = 86_400;
const rules = new KeyRules({ rotationInterval: 90 * day, propagationTime: 14 * day, retention: 10 * day });

/** A key by its generation and the day from which it signs; announced 14 days before. */
const key = (generation: number, signsFrom: number, difference: Partial<SigningKey> = {}): SigningKey => ({
  kid: `key ${generation}`,
  algorithm: 'ES256',
  privateJwk: {},
  generation,
  createdAt: (signsFrom - 14) * day,
  signsFrom: signsFrom * day,
  ...difference,
});
const states = (keys: readonly SigningKey[], atDay: number, by = rules) =>
  keys.map((one) => stateOf(one, keys, atDay * day, by));

describe('The state of a key', () => {
  it('is announced, signing, retired, deleted, each to the second', () => {
    const [first, second, third] = [key(1, 0), key(2, 90), key(3, 180)];
    const all = [first, second, third];
    const at = (seconds: number) => stateOf(second, all, seconds, rules);
    expect([at(90 * day - 1), at(90 * day)]).toEqual(['announced', 'signing']);
    expect([at(180 * day - 1), at(180 * day)]).toEqual(['signing', 'retired']);
    expect([at(190 * day - 1), at(190 * day)]).toEqual(['retired', 'deleted']);
  });

  it('leaves exactly one key of an algorithm that signs, at any time and in any order', () => {
    const all = [key(3, 180), key(1, 0), key(4, 181), key(2, 90)];
    for (let now = -1; now < 400; now += 0.5) {
      expect(states(all, now).filter((state) => state === 'signing')).toHaveLength(1);
    }
  });

  it('is told by the keys of the same algorithm alone', () => {
    const other = key(2, 5, { algorithm: 'EdDSA' });
    expect(states([key(1, 0), other], 10)).toEqual(['signing', 'signing']);
  });

  it('is signing before its time where no other key can sign', () => {
    expect(states([key(2, 90)], 80)).toEqual(['signing']);
  });

  it('is signing long past its end while there is no successor', () => {
    expect(states([key(1, 0)], 10_000)).toEqual(['signing']);
  });

  it('is deleted at once where a later key signs before the time of this one has come', () => {
    expect(states([key(1, 0), key(2, 90), key(3, 80)], 79)).toEqual(['signing', 'announced', 'announced']);
    expect(states([key(1, 0), key(2, 90), key(3, 80)], 80)).toEqual(['retired', 'deleted', 'signing']);
  });

  it('is retired, not deleted, where the successor was made in the same second: it may have signed', () => {
    expect(states([key(1, 0), key(2, 0)], 0)).toEqual(['retired', 'signing']);
  });

  it('stays retired for ever where keys are not renewed automatically', () => {
    const manual = new KeyRules({ ...rules, automatic: false });
    expect(states([key(1, 0), key(2, 90)], 10_000, manual)).toEqual(['retired', 'signing']);
  });
});

describe('The next change', () => {
  it('is the first of the times at which any key changes its state, and never the present', () => {
    const all = [key(1, 0), key(2, 90), key(3, 180)];
    const changes = [];
    for (let now = 80 * day; now < Infinity; now = nextChange(all, now, rules)) changes.push(now / day);
    expect(changes).toEqual([80, 90, 100, 180, 190]);
  });

  it('never comes where one key is all there is', () => {
    expect(nextChange([key(1, 0)], 5, rules)).toBe(Infinity);
  });
});

describe('The key that is due', () => {
  const due = (keys: readonly SigningKey[], atDay: number) => {
    const found = dueKey(keys, atDay * day, rules);
    return found && [found.generation, found.signsFrom / day];
  };

  it('signs at once where there is none at all', () => {
    expect(due([], 5)).toEqual([1, 5]);
  });

  it('is made so early that it is announced for the whole propagation time', () => {
    expect(due([key(1, 0)], 75.9)).toBeUndefined();
    expect(due([key(1, 0)], 76)).toEqual([2, 90]);
    expect(due([key(1, 0), key(2, 90)], 100)).toBeUndefined();
  });

  it('is announced for the whole propagation time also where the server was off when it was due', () => {
    expect(due([key(1, 0)], 85)).toEqual([2, 99]);
  });

  it('signs at once where every key is past its end', () => {
    expect(due([key(1, 0)], 90)).toEqual([2, 90]);
    expect(due([key(1, 0), key(2, 90)], 1000)).toEqual([3, 1000]);
  });

  it('has the generation after the highest, whatever order the keys are in and however many are gone', () => {
    expect(due([key(7, 90), key(6, 0)], 1000)).toEqual([8, 1000]);
  });
});
