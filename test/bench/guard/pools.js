import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repeatedTokens } from './rows.js';
import { mint } from './tokens.js';

/** Two for each of the rows' rounds is what a server can use up. */
const checks = 64;

/**
 * The tokens of a run. For each algorithm `path`, a file with a token on each line: those that repeat, then `count` that are sent
 * once; `first`, the first of them; `checks`, further tokens that are in no file.
 */
export async function mintPools(folder, issuer, keys, count) {
  const pools = {};
  for (const key of keys) {
    const path = join(folder, `${key.algorithm}.tokens`);
    const tokens = await mint(issuer, key, repeatedTokens + count);
    writeFileSync(path, tokens.join('\n'), { mode: 0o600 });
    pools[key.algorithm] = { path, count, first: tokens[0], checks: await mint(issuer, key, checks) };
  }
  return pools;
}
