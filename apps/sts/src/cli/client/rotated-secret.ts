import { Client, mayAuthenticateBy, randomText, Secret, sha256 } from '@tessera/resource-model';
import { CliFault } from '../cli-fault.js';

interface Rotation {
  /** Seconds since 1970, as the others. */
  readonly now: number;
  /** When the old secrets end at the latest; what ends now is not kept. */
  readonly oldUntil: number;
  readonly expiration?: number;
}

/** What a shared secret is for. */
const methods = ['client_secret_basic', 'client_secret_post'] as const;

/** A new secret, 256 random bits, and what makes of a client one that has it. */
export function rotated({ now, oldUntil, expiration }: Rotation) {
  const secret = newSecret();
  const added = new Secret(sha256(secret), expiration === undefined ? {} : { expiration });
  const change = (client: Client): Client => {
    if (client.clientSecrets.length === 0 && !client.requireClientSecret) {
      throw new CliFault(`Client ${JSON.stringify(client.clientId)} is public: it has no secret.`);
    }
    const old = client.clientSecrets.map((one) => shortened(one, oldUntil)).filter((one) => one.expiration! > now);
    const changed = new Client({ ...client, clientSecrets: [...old, added] });
    if (methods.some((method) => mayAuthenticateBy(changed, method))) return changed;
    const words = `Client ${JSON.stringify(client.clientId)} authenticates by ${client.tokenEndpointAuthMethod}: a secret would be of no use.`;
    throw new CliFault(words);
  };
  return { secret, change };
}

export function newSecret(): string {
  return randomText(32);
}

function shortened(secret: Secret, end: number): Secret {
  return new Secret(secret.value, { ...secret, expiration: Math.min(secret.expiration ?? end, end) });
}
