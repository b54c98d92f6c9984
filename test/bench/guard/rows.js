// The rows of the table: which tokens are sent.
import { nobody } from './nobody.js';
import { algorithms, subjectOf, withChangedSignature } from './tokens.js';

/** How many tokens are sent in turn where they repeat. */
export const repeatedTokens = 64;
/** The share of the distinct tokens that the warm-up may use up. */
const warmUpShare = 0.25;

/**
 * As in ../rows.js. `running.fixture.pools` has for each algorithm its file of tokens, see mintPools().
 * Distinct tokens come last: a cache that has learnt that it does not help takes a while to learn that it does.
 */
export const rows = [...algorithms.map(repeatedRow), ...algorithms.map(distinctRow)];

function repeatedRow(algorithm) {
  const name = `${algorithm.toLowerCase()}-repeated`;
  return row(name, `${algorithm}, ${repeatedTokens} tokens in turn`, algorithm, true);
}

function distinctRow(algorithm) {
  return row(`${algorithm.toLowerCase()}-distinct`, `${algorithm}, each token once`, algorithm, false);
}

function row(name, title, algorithm, repeated) {
  return { name, title, algorithm, prepare, ask, check };

  async function prepare(running, _connections, purpose) {
    const pool = running.fixture.pools[algorithm];
    const request = { method: 'GET', url: `${running.base}/things` };
    if (purpose === 'check') return { ...request, token: tokenToCheck(pool, running, repeated) };
    return { ...request, tokens: { path: pool.path, once: !repeated, ...range(pool, purpose, repeated) } };
  }
}

/** The repeating tokens come first in the file. Of the others, none is for two purposes: a server sees each of them once. */
function range({ count }, purpose, repeated) {
  if (repeated) return { from: 0, to: repeatedTokens };
  const warmUp = repeatedTokens + Math.floor(count * warmUpShare);
  return purpose === 'warm-up' ? { from: repeatedTokens, to: warmUp } : { from: warmUp, to: repeatedTokens + count };
}

/** Where tokens repeat, one that did: what comes out of a cache is held against its claims as well. */
function tokenToCheck({ first, checks }, running, repeated) {
  if (repeated) return first;
  running.checks = (running.checks ?? 0) + 1;
  return checks[running.checks % checks.length];
}

async function ask({ url, token }) {
  const [good, changed] = [await get(url, token), await get(url, withChangedSignature(token))];
  return { good, changed };
}

function check({ good, changed }, running, { token }) {
  const isOpen = running.server.readyStatus === 200;
  expect(good.status === 200, `200 for a good token, not ${good.status}: ${good.text}`);
  const { owner } = JSON.parse(good.text);
  expect(owner === (isOpen ? nobody : subjectOf(token)), `the subject of the token, not ${owner}`);
  const refused = isOpen ? 200 : 401;
  expect(changed.status === refused, `${refused} for a changed signature, not ${changed.status}: ${changed.text}`);
}

async function get(url, token) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, text: await response.text() };
}

function expect(condition, what) {
  if (!condition) throw new Error(`The answer should have been ${what}`);
}
