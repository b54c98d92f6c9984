// Measures verification alone, in one process and without HTTP. ../README.md says how to read the result.
import 'reflect-metadata';
import { pinning, serverCore, stayOn } from '../pinning.js';
import { writeResult } from '../results.js';
import { readSettings, refuseUnknown, wholeNumber } from '../settings.js';
import { Issuer } from './issuer.js';
import { packages } from './packages.js';
import { algorithms, mint, newKeys } from './tokens.js';
import { contenders } from './verify-contenders.js';
import { verifyReport } from './verify-report.js';
import { checkVerifier, perSecond } from './verify-run.js';

/** How many tokens are verified in turn where they repeat. */
const repeatedTokens = 64;
/** The share of the tokens, and of the time, that goes into the warm-up. */
const warmUpShare = 0.25;

const settings = readOwnSettings();
const keys = newKeys().filter(({ algorithm }) => settings.algorithms.includes(algorithm));
const issuer = await Issuer.start(keys);
const samples = [];
try {
  console.log(`Minting ${settings.tokens} tokens for each algorithm ...`);
  const pools = new Map();
  // One more, for the checks: those that are measured are new to all.
  for (const key of keys) pools.set(key, await mint(issuer.url, key, settings.tokens + 1));
  // With the threads: what a library leaves to them is its own time as well.
  stayOn(serverCore);
  console.log(pinning.possible ? 'On one core.' : `NOT PINNED: ${pinning.why}. Do not publish these figures.`);
  for (let round = 1; round <= settings.rounds; round++) {
    for (const [key, tokens] of pools) await runRound(round, key, tokens);
  }
} finally {
  issuer.stop();
}

const text = verifyReport(samples);
const { rounds, seconds, tokens } = settings;
const path = writeResult('guard-verify-', packages, { settings: { rounds, seconds, tokens }, samples }, text);
console.log(`\n${text}\n\nWritten to ${path}`);

/** They take turns; every second round backwards. */
async function runRound(round, key, tokens) {
  const chosen = settings.contenders.filter((contender) => contender.algorithms?.includes(key.algorithm) ?? true);
  for (const contender of round % 2 === 1 ? chosen : chosen.reverse()) {
    const rate = await measure(contender, key, tokens);
    samples.push({ round, algorithm: key.algorithm, contender: contender.name, perSecond: rate });
    console.log(`round ${round}  ${key.algorithm}  ${contender.name.padEnd(26)} ${rate.toFixed(0).padStart(8)}/s`);
  }
}

async function measure(contender, key, [toCheck, ...tokens]) {
  const split = Math.floor(tokens.length * warmUpShare);
  const [warmUp, measured] = contender.repeated
    ? [tokens.slice(0, repeatedTokens), tokens.slice(0, repeatedTokens)]
    : [tokens.slice(0, split), tokens.slice(split)];
  await withVerifier(contender, key, (verifier) => perSecond(verifier, warmUp, settings.seconds * warmUpShare));
  return withVerifier(contender, key, async (verifier) => {
    await checkVerifier(verifier, toCheck);
    const rate = await perSecond(verifier, measured, settings.seconds);
    await checkVerifier(verifier, toCheck);
    return rate;
  });
}

/** A new one each time: no token is known to it. */
async function withVerifier(contender, key, use) {
  const verifier = { ...contender, ...(await contender.start({ issuer: issuer.url, jwksUri: issuer.jwksUri, key })) };
  try {
    return await use(verifier);
  } finally {
    await verifier.stop?.();
  }
}

function readOwnSettings() {
  const { values, ...numbers } = readSettings(
    { rounds: '3', seconds: '3', 'warm-up': '0' },
    { tokens: { type: 'string', default: '60000' } },
  );
  const names = contenders.map(({ name }) => name);
  refuseUnknown('--only', values.only, [...algorithms, ...names]);
  const chosen = (known) => {
    const asked = known.filter((name) => values.only.includes(name));
    return asked.length === 0 ? known : asked;
  };
  const chosenNames = chosen(names);
  return {
    ...numbers,
    tokens: wholeNumber('tokens', values.tokens, 1000),
    algorithms: chosen(algorithms),
    contenders: contenders.filter(({ name }) => chosenNames.includes(name)),
  };
}
