import type { EncryptionAlgorithm, SigningAlgorithm } from '@tessera/protocol';
import type { ApiResource } from '../api-resource.js';
import type { Client } from '../client.js';
import { encryptedAnswers, encryptionOf } from '../encrypted-answers.js';
import { encryptionKeyFault, type Jwk } from '../encryption-key.js';
import type { Configuration } from './configuration.js';
import type { Fault } from './fault.js';

type At = (property: string, value: unknown, problem: string) => Fault;

/** What clients and APIs want signed and encrypted, and nobody could: each answer would be an error. */
export function answerFaults(
  { clients, apiResources }: Configuration,
  signingAlgorithms: readonly SigningAlgorithm[],
): Fault[] {
  return [
    ...clients.flatMap((client, index) => clientFaults(client, signingAlgorithms, at(`clients[${index}]`))),
    ...apiResources.flatMap((one, index) => resourceFaults(one, signingAlgorithms, at(`apiResources[${index}]`))),
  ];
}

function at(path: string): At {
  return (property, value, problem) => ({ path: `${path}.${property}`, value, problem });
}

function clientFaults(client: Client, available: readonly SigningAlgorithm[], at: At): Fault[] {
  const signed = ['authorizationSignedResponseAlg', 'introspectionSignedResponseAlg'] as const;
  return [
    ...signed.flatMap((property) => unsignable(property, client[property], available, at)),
    ...encryptedAnswers.flatMap((answer) =>
      contentWithoutKey(`${answer}EncryptedResponseEnc`, `${answer}EncryptedResponseAlg`, client, at),
    ),
    ...encryptedAnswers.flatMap((answer) => withoutRecipient(client, answer, at)),
  ];
}

/** What the client publishes elsewhere can only be known when it is needed. */
function withoutRecipient(client: Client, answer: (typeof encryptedAnswers)[number], at: At): Fault[] {
  const alg = encryptionOf(client, answer)?.alg;
  if (alg === undefined || client.jwksUri !== undefined) return [];
  if (client.jwks?.keys.some((key) => encryptionKeyFault(key, alg) === undefined)) return [];
  const problem = `needs a public key of the client that is for ${alg}, in jwks or at jwksUri`;
  return [at(`${answer}EncryptedResponseAlg`, alg, problem)];
}

function resourceFaults(resource: ApiResource, available: readonly SigningAlgorithm[], at: At): Fault[] {
  const { encryptionJwk, introspectionSignedResponseAlg: signed } = resource;
  const faults = [
    ...unsignable('introspectionSignedResponseAlg', signed, available, at),
    ...contentWithoutKey('introspectionEncryptedResponseEnc', 'introspectionEncryptedResponseAlg', resource, at),
    ...contentWithoutKey('accessTokenEncryptionEnc', 'accessTokenEncryptionAlg', resource, at),
  ];
  for (const alg of new Set([resource.introspectionEncryptedResponseAlg, resource.accessTokenEncryptionAlg])) {
    const problem = alg && unfit(encryptionJwk, alg);
    if (problem !== undefined) faults.push(at('encryptionJwk', encryptionJwk, problem));
  }
  return faults;
}

function unfit(key: Jwk | undefined, alg: EncryptionAlgorithm): string | undefined {
  return key ? encryptionKeyFault(key, alg) : `is needed for ${alg}: the public key of the API`;
}

function unsignable(
  property: string,
  algorithm: SigningAlgorithm | undefined,
  available: readonly SigningAlgorithm[],
  at: At,
): Fault[] {
  if (algorithm === undefined || available.includes(algorithm)) return [];
  const problem = `the server has no such key: use ${available.join(', ')}, or add ${algorithm} to the server's signingAlgorithms`;
  return [at(property, algorithm, problem)];
}

/** OpenID Connect Registration §2: where the way of the content is said, the way of its key must be. */
function contentWithoutKey<Enc extends string, Alg extends string>(
  enc: Enc,
  alg: Alg,
  owner: { readonly [property in Enc | Alg]?: string },
  at: At,
): Fault[] {
  if (owner[enc] === undefined || owner[alg] !== undefined) return [];
  return [at(enc, owner[enc], `needs ${alg} beside it, which says how the key travels`)];
}
