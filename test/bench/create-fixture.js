// Apart from fixture.js, which every server under test loads: none of them should pay for what only the harness needs.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { hashPassword } from '@tessera/accounts';
import { algorithms, highAssurance, person } from './fixture.js';
import { newKey } from './new-key.js';

/** Made once for a run, so that no server generates a key while it starts: that takes from 50 ms to a second. */
export async function createFixture(path) {
  const keys = algorithms.map((algorithm) => ({
    algorithm,
    kid: algorithm.toLowerCase(),
    privateJwk: newKey(algorithm),
  }));
  // 256 random bits, as a generated secret has them, in letters that form-encoding leaves alone.
  const clientSecret = randomBytes(32).toString('base64url');
  const encryptionKey = randomBytes(32).toString('base64');
  const fixture = {
    keys,
    clientSecret,
    clientKey: newKey(highAssurance),
    encryptionKey,
    passwordHash: await hashPassword(person.password),
  };
  writeFileSync(path, JSON.stringify(fixture), { mode: 0o600 });
  return fixture;
}
