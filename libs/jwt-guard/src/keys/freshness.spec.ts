import { freshnessOf } from './freshness.js';

it.each([
  [{}, undefined],
  [{ 'cache-control': 'public' }, undefined],
  [{ 'cache-control': 'max-age=60' }, 60],
  [{ 'cache-control': 'PUBLIC,Max-Age=60' }, 60],
  [{ 'cache-control': 'max-age="60"' }, 60],
  [{ 'cache-control': 's-maxage=10, max-age=60' }, 60],
  [{ 'cache-control': 's-maxage=10' }, undefined],
  [{ 'cache-control': 'max-age=60, max-age=10' }, 60],
  [{ 'cache-control': 'max-age=60, no-store' }, 0],
  [{ 'cache-control': 'no-cache' }, 0],
  [{ 'cache-control': 'no-cache="set-cookie", max-age=60' }, 60],
  [{ 'cache-control': 'max-age=soon' }, 0],
  [{ 'cache-control': 'max-age=-1' }, 0],
  [{ 'cache-control': 'max-age=60', age: '20' }, 40],
  [{ 'cache-control': 'max-age=60', age: '90' }, 0],
  [{ 'cache-control': 'max-age=60', age: 'old' }, 60],
])('RFC 9111 §4.2: an answer with %j is good for %s seconds', (headers, seconds) => {
  expect(freshnessOf(new Headers(headers as Record<string, string>))).toBe(seconds);
});
