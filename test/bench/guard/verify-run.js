import { subjectOf, withChangedSignature } from './tokens.js';

/** Between two looks at the clock. */
const batch = 16;

/** @throws Error unless a good token gives its subject and one with another signature is refused */
export async function checkVerifier({ name, verify, given, bare }, token) {
  const verified = await verify(given(token));
  if (verified !== (bare ? true : subjectOf(token)))
    throw new Error(`${name} does not give the subject of a good token.`);
  const changed = await Promise.resolve(given(withChangedSignature(token)))
    .then(verify)
    .catch(() => false);
  if (changed !== false) throw new Error(`${name} accepts a changed signature.`);
}

/** How many verifications a second: of the tokens over and over, or of each of them once if it asks for new ones (`fresh`). */
export async function perSecond(verifier, tokens, seconds) {
  // Of what a verification is given, nothing is made while the clock runs.
  const given = tokens.map(verifier.given);
  // Where tokens repeat, all of them have been seen.
  if (verifier.repeated) for (const token of given) await verifier.verify(token);
  const began = performance.now();
  const end = began + seconds * 1000;
  const most = verifier.fresh ? given.length - batch : Infinity;
  const run = verifier.sync ? runBatchSync : runBatch;
  let done = 0;
  let now = began;
  while (now < end && done <= most) {
    await run(verifier.verify, given, done);
    done += batch;
    now = performance.now();
  }
  return (done * 1000) / (now - began);
}

async function runBatch(verify, given, from) {
  for (let index = from; index < from + batch; index++) await verify(given[index % given.length]);
}

/** Without the turn of the microtask queue that awaiting each of them would cost. */
function runBatchSync(verify, given, from) {
  for (let index = from; index < from + batch; index++) verify(given[index % given.length]);
}
