import { describe, expect, it } from '@jest/globals';
import { cacheLifetime } from './cache-lifetime.js';

describe('For how long an answer may be kept (RFC 9111 §4.2.1)', () => {
  it.each([
    [{}, undefined],
    [{ 'cache-control': 'public, max-age=600' }, 600],
    [{ 'cache-control': 'MAX-AGE="600"' }, 600],
    [{ 'cache-control': 'max-age=600', age: '100' }, 500],
    [{ 'cache-control': 'max-age=600', age: '700' }, 0],
    [{ 'cache-control': 'no-store, max-age=600' }, 0],
    [{ 'cache-control': 'no-cache' }, 0],
    [{ expires: 'Tue, 01 Jan 2030 00:10:00 GMT', date: 'Tue, 01 Jan 2030 00:00:00 GMT' }, 600],
    [{ expires: '0', date: 'Tue, 01 Jan 2030 00:00:00 GMT' }, 0],
    [{ 'cache-control': 'max-age=60', expires: '0' }, 60],
  ])('%j: %s', (headers, seconds) => expect(cacheLifetime(headers)).toBe(seconds));
});
