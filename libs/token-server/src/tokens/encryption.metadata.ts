import { contentEncryptions, encryptionAlgorithms } from '@tessera/protocol';
import { type EncryptedAnswer, encryptedAnswers, encryptionOf } from '@tessera/resource-model';
import type { DiscoveryContext, DiscoveryPart } from '../http/discovery-part.js';

const names: Readonly<Record<EncryptedAnswer, string>> = {
  idToken: 'id_token',
  userinfo: 'userinfo',
  authorization: 'authorization',
  introspection: 'introspection',
};

/** OpenID Connect Discovery §3, JARM §4, RFC 9701 §7: of each answer that somebody has encrypted, how it can be. */
export const encryptionMetadata: DiscoveryPart = (context) =>
  Object.assign(
    {},
    ...encryptedAnswers
      .filter((answer) => isUsed(answer, context))
      .map((answer) => ({
        [`${names[answer]}_encryption_alg_values_supported`]: encryptionAlgorithms,
        [`${names[answer]}_encryption_enc_values_supported`]: contentEncryptions,
      })),
  ) as object as Record<string, unknown>;

function isUsed(answer: EncryptedAnswer, { clients, catalogue, hasPeople, url }: DiscoveryContext): boolean {
  // Who registers by itself can have all of it.
  const byClient = url('registration') !== undefined || clients.some((client) => encryptionOf(client, answer));
  if (answer === 'authorization') return hasPeople && byClient;
  if (answer === 'userinfo') return url('userinfo') !== undefined && byClient;
  if (answer === 'idToken') return byClient;
  const byApi = [...catalogue.apiResources.values()].some((api) => api.introspectionEncryptedResponseAlg !== undefined);
  return url('introspection') !== undefined && (byClient || byApi);
}
