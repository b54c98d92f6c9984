import { Client, randomText, Secret, sha256 } from '@tessera/resource-model';
import { CliFault } from '../cli-fault.js';

interface Rotation {
  /** Seconds since 1970, as the others. */
  readonly now: number;
  /** When the old secrets end at the latest; what ends now is not kept. */
  readonly oldUntil: number;
  readonly expiration?: number;
}

/** A new secret, 256 random bits, and what makes of a client one that has it. */
export function rotated({ now, oldUntil, expiration }: Rotation) {
  const secret = newSecret();
  const added = new Secret(sha256(secret), expiration === undefined ? {} : { expiration });
  const change = (client: Client): Client => {
    if (client.clientSecrets.length === 0 && !client.requireClientSecret) {
      throw new CliFault(`Client ${JSON.stringify(client.clientId)} is public: it has no secret.`);
    }
    const old = client.clientSecrets.map((one) => shortened(one, oldUntil)).filter((one) => one.expiration! > now);
    return new Client({ ...client, clientSecrets: [...old, added] });
  };
  return { secret, change };
}

export function newSecret(): string {
  return randomText(32);
}

function shortened(secret: Secret, end: number): Secret {
  return new Secret(secret.value, { ...secret, expiration: Math.min(secret.expiration ?? end, end) });
}
