import type { ContentEncryption, EncryptionAlgorithm } from '@tessera/protocol';
import type { Client } from './client.js';

/** How something is encrypted (RFC 7518 §4.1 and §5.1). */
export interface EncryptionChoice {
  readonly alg: EncryptionAlgorithm;
  readonly enc: ContentEncryption;
}

/** What a client may have encrypted: the beginnings of its properties `…EncryptedResponseAlg` and `…EncryptedResponseEnc`. */
export const encryptedAnswers = ['idToken', 'userinfo', 'authorization', 'introspection'] as const;
export type EncryptedAnswer = (typeof encryptedAnswers)[number];

/** How the client wants an answer encrypted; undefined: not at all. */
export function encryptionOf(
  client: Pick<Client, `${EncryptedAnswer}EncryptedResponse${'Alg' | 'Enc'}`>,
  answer: EncryptedAnswer,
): EncryptionChoice | undefined {
  return encryptionChoice(client[`${answer}EncryptedResponseAlg`], client[`${answer}EncryptedResponseEnc`]);
}

/** OpenID Connect Registration §2: where nothing is said of the content, it is A128CBC-HS256. */
export function encryptionChoice(
  alg: EncryptionAlgorithm | undefined,
  enc: ContentEncryption = 'A128CBC-HS256',
): EncryptionChoice | undefined {
  return alg && { alg, enc };
}
