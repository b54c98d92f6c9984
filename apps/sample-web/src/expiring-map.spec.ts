import { beforeEach, describe, expect, it } from '@jest/globals';
import { ExpiringMap } from './expiring-map.js';
import { FakeClock } from './running-web.spec.fixture.js';

let clock: FakeClock;
let map: ExpiringMap<string>;

beforeEach(() => {
  clock = new FakeClock();
  map = new ExpiringMap(clock, { capacity: 3, lifetime: 100 });
});

describe('ExpiringMap', () => {
  it('forgets an entry when its time is over', () => {
    map.add('a', '1');
    clock.advance(99);
    expect(map.get('a')).toBe('1');
    clock.advance(1);
    expect(map.get('a')).toBeUndefined();
    expect([...map.live()]).toEqual([]);
  });

  it('lets the oldest make room when it is full', () => {
    for (const key of ['a', 'b', 'c', 'd']) map.add(key, key);
    expect([...map.live()].map(([key]) => key)).toEqual(['b', 'c', 'd']);
  });

  it('lets nobody make room while there are some whose time is over', () => {
    map.add('a', '1');
    clock.advance(60);
    map.add('b', '2');
    map.add('c', '3');
    clock.advance(60);
    map.add('d', '4');
    expect([...map.live()].map(([key]) => key)).toEqual(['b', 'c', 'd']);
  });

  it('replaces what is there, which ends no later for it', () => {
    map.add('a', '1');
    clock.advance(60);
    expect(map.replace('a', '2')).toBe(true);
    expect(map.get('a')).toBe('2');
    clock.advance(40);
    expect(map.get('a')).toBeUndefined();
    expect(map.replace('a', '3')).toBe(false);
    expect(map.replace('b', '3')).toBe(false);
  });

  it('forgets what is deleted', () => {
    map.add('a', '1');
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
  });
});
