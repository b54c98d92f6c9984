import { GrantTypes } from '@tessera/protocol';
import type { TrustedIssuer } from '../trusted-issuer.js';
import type { Configuration } from './configuration.js';
import { type Fault, faultsOf } from './fault.js';
import { withheld } from './shown-value.js';
import { suggestion } from './suggestion.js';

/** What is wrong with the issuers whose JWTs are to count here. `ownIssuer`: the name of this server. */
export function trustedIssuerFaults(issuers: readonly TrustedIssuer[], ownIssuer: unknown): Fault[] {
  return issuers.flatMap((trusted, index) => {
    const path = `trustedIssuers[${index}]`;
    const faults = faultsOf(trusted, path);
    if (faults.length > 0) return faults;
    return [...nameFaults(issuers, index, ownIssuer), ...keyFaults(trusted, path)];
  });
}

function nameFaults(issuers: readonly TrustedIssuer[], index: number, ownIssuer: unknown): Fault[] {
  const { issuer } = issuers[index]!;
  const at = (problem: string): Fault => ({ path: `trustedIssuers[${index}].issuer`, value: issuer, problem });
  // Its tokens would be taken for something that it never meant to say.
  if (issuer === ownIssuer)
    return [at('is this server: its own tokens are exchanged without it, and are no assertions')];
  const earlier = issuers.findIndex((other) => other.issuer === issuer);
  return earlier < index ? [at(`must be unique, but trustedIssuers[${earlier}] has the same`)] : [];
}

function keyFaults({ jwks, jwksUri }: TrustedIssuer, path: string): Fault[] {
  if ((jwks === undefined) !== (jwksUri === undefined)) return [];
  return [{ path: `${path}.jwks`, value: withheld, problem: 'needs either jwks or jwksUri, and not both' }];
}

/** Clients that an issuer is trusted for and that nobody declared here, and clients whose assertions nobody is trusted to make. */
export function trustedIssuerWarnings(issuers: readonly TrustedIssuer[], { clients }: Configuration): Fault[] {
  const ids = new Set(clients.map(({ clientId }) => clientId));
  const served = new Set(issuers.flatMap((trusted) => trusted.clients));
  const unknown = issuers.flatMap((trusted, index) =>
    trusted.clients
      .filter((id) => !ids.has(id))
      .map((value) => ({
        path: `trustedIssuers[${index}].clients`,
        value,
        problem: `names no client of this configuration${suggestion(value, ids)}`,
      })),
  );
  const idle = clients.flatMap(({ clientId, allowedGrantTypes }, index) =>
    allowedGrantTypes.includes(GrantTypes.jwtBearer) && !served.has(clientId)
      ? [
          {
            path: `clients[${index}].allowedGrantTypes`,
            value: GrantTypes.jwtBearer,
            problem: `is of no use: none of the trustedIssuers lists client '${clientId}'`,
          },
        ]
      : [],
  );
  return [...unknown, ...idle];
}
