import type { DiscoveryPart } from '../http/discovery-part.js';
import { modeFault, responseModes, usualJwt } from './response-modes.js';
import { usableResponseTypes } from './response-types.js';

/** Of all response types a code may travel in every mode. */
const code = { code: true, idToken: false, token: false };

/** OpenID Connect Discovery §3 and JARM §4: the modes in which some client can be answered. */
export const responseModesMetadata: DiscoveryPart = ({ options, clients, hasPeople }) => {
  if (!hasPeople || usableResponseTypes(clients).length === 0) return {};
  const usable = responseModes.filter((mode) => clients.some((client) => modeFault(mode, code, client) === undefined));
  return {
    response_modes_supported: [...usable.map(({ name }) => name), usualJwt],
    authorization_signing_alg_values_supported: options.signingAlgorithms,
  };
};
