import { IsBoolean } from 'class-validator';
import type { Client } from './client.js';
import type { Fault } from './configuration/fault.js';
import { IsSeconds } from './validation-rules.js';

/** How long each signing key is announced, signs and is still accepted. */
export class KeyRules {
  /** Whether the server makes its keys by itself, and renews them. False: it signs with those in its store, and changes nothing. */
  @IsBoolean()
  automatic = true;

  /** Seconds that a key signs before its successor takes over. 90 days: what a thief could do with it ends by itself. */
  @IsSeconds(3600)
  rotationInterval = 7_776_000;

  /**
   * Seconds that a key is announced before it signs. 14 days: also those who fetch the keys once a week know it by then. Never less than 15 minutes:
   * caches on the way keep the key set for 5, and an API's guard for 5 more.
   */
  @IsSeconds(900)
  propagationTime = 1_209_600;

  /**
   * Seconds that a key is announced and its tokens are accepted after it has signed its last. 14 days: longer than any usual token lives. Never less
   * than the longest lifetime of a signed token of any client, and 5 minutes for clocks that differ.
   */
  @IsSeconds(420)
  retention = 1_209_600;

  constructor(init: Partial<KeyRules> = {}) {
    Object.assign(this, init);
  }
}

/** By so much the clocks of nodes and APIs may differ, in seconds. */
const clockDifference = 300;

/** More keys than this make a key set that some clients no longer read. */
const mostKeys = 20;

/** What the rules, sound one by one, cannot mean together, and for these clients. */
export function keyRuleFaults(rules: KeyRules, clients: readonly Client[]): Fault[] {
  // Without rotation no key is ever late, and none goes by itself.
  if (!rules.automatic) return [];
  return [...orderFaults(rules), ...retentionFaults(rules, clients)];
}

function orderFaults({ rotationInterval, propagationTime, retention }: KeyRules): Fault[] {
  const faults: Fault[] = [];
  if (rotationInterval <= propagationTime) {
    const problem = `must be longer than propagationTime, which is ${propagationTime}: a successor is announced while its predecessor signs. Raise it, or shorten propagationTime`;
    faults.push({ path: 'keys.rotationInterval', value: rotationInterval, problem });
  }
  if (retention > rotationInterval * mostKeys) {
    const problem = `must be at most ${mostKeys} times rotationInterval, which is ${rotationInterval}: the key set would grow too long for clients. Raise rotationInterval, or shorten retention`;
    faults.push({ path: 'keys.retention', value: retention, problem });
  }
  return faults;
}

/** A token must be gone before its key is. Of several clients the one with the longest lifetime is named: what suits it suits all. */
function retentionFaults({ retention }: KeyRules, clients: readonly Client[]): Fault[] {
  const longest = clients.flatMap(signedLifetimes).sort((a, b) => b.lifetime - a.lifetime)[0];
  if (!longest || retention >= longest.lifetime + clockDifference) return [];
  const { clientId, property, lifetime } = longest;
  const problem = `must be at least ${lifetime + clockDifference}: tokens of client '${clientId}' live for ${lifetime} seconds (${property}), and clocks differ. Raise it, or shorten ${property}`;
  return [{ path: 'keys.retention', value: retention, problem }];
}

/** Reference and refresh tokens are not signed. A lifetime that is no number is a fault of its own. */
function signedLifetimes(client: Client) {
  const properties = ['identityTokenLifetime', ...(client.accessTokenType === 'jwt' ? ['accessTokenLifetime'] : [])];
  return (properties as ('identityTokenLifetime' | 'accessTokenLifetime')[])
    .map((property) => ({ clientId: client.clientId, property, lifetime: client[property] }))
    .filter(({ lifetime }) => Number.isSafeInteger(lifetime));
}
