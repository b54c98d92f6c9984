import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { calculateJwkThumbprint } from 'jose';
import { type SigningAlgorithm, signingAlgorithms } from '@tessera/protocol';
import type { SigningKey } from '@tessera/resource-model';
import { misfit, usualAlgorithm } from './key-fit.js';

/** Where a signing key of one's own is, and what it is for. */
export interface SigningKeyFile {
  /** The path of a private key: PEM (PKCS#8, PKCS#1 or SEC 1, encrypted or not) or JWK. */
  readonly file: string;
  /** Its content, where that was read already: `file` is then only what errors call it. */
  readonly content?: Uint8Array;
  /** Opens an encrypted PEM. */
  readonly passphrase?: string;
  /** Default: the `alg` of a JWK; else what fits the key, for RSA RS256. */
  readonly algorithm?: SigningAlgorithm;
  /** Of several keys of an algorithm each has its own, and the highest signs. Default 1. */
  readonly generation?: number;
  /** Seconds since 1970. Default: signs from the start. */
  readonly signsFrom?: number;
}

/**
 * Reads a private key, e.g. one that an authority of the house has made, for a store of signing keys.
 * @throws Error that names the file, what is wrong, and what would be right
 */
export async function readSigningKey(given: SigningKeyFile): Promise<SigningKey> {
  const fail = (problem: string, cause?: unknown) => new Error(`${given.file} ${problem}.`, { cause });
  const bytes = given.content ? Buffer.from(given.content) : await readBytes(given.file, fail);
  const { key, jwkAlgorithm } = readPrivateKey(bytes, given.passphrase, fail);
  const algorithm = given.algorithm ?? jwkAlgorithm ?? usualAlgorithm(key);
  const problem = misfit(key, algorithm);
  if (algorithm === undefined || problem !== undefined) throw fail(problem ?? 'is of no use');
  const privateJwk = { ...key.export({ format: 'jwk' }) };
  const { generation = 1, signsFrom = 0 } = given;
  const kid = await calculateJwkThumbprint(privateJwk);
  return { kid, algorithm, privateJwk, generation, createdAt: signsFrom, signsFrom };
}

/** Whether `readSigningKey` needs a passphrase for it. */
export function isEncryptedPem(text: string): boolean {
  return /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text);
}

type Fail = (problem: string, cause?: unknown) => Error;

async function readBytes(file: string, fail: Fail): Promise<Buffer> {
  return readFile(file).catch((error: Error) => {
    throw fail(`cannot be read: ${error.message}`, error);
  });
}

interface PrivateKey {
  readonly key: KeyObject;
  readonly jwkAlgorithm?: SigningAlgorithm;
}

function readPrivateKey(bytes: Buffer, passphrase: string | undefined, fail: Fail): PrivateKey {
  // DER begins so, and among DER files those that people have of keys are PKCS#12.
  if (bytes[0] === 0x30) {
    throw fail('is not text: of a PKCS#12 file (.p12, .pfx) make PEM with: openssl pkcs12 -in <file> -nocerts -out key.pem; of a DER file with: openssl pkey -inform DER -in <file> -out key.pem'); // prettier-ignore
  }
  const text = bytes.toString('utf8').trim();
  return text.startsWith('{') ? readJwk(text, fail) : { key: readPem(text, passphrase, fail) };
}

function readPem(text: string, passphrase: string | undefined, fail: Fail): KeyObject {
  const [, label] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
  if (label === undefined)
    throw fail('holds neither PEM nor JWK: it should begin with -----BEGIN PRIVATE KEY----- or {');
  // An authority's file may hold the certificate first.
  if (!/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(text)) {
    throw fail(
      `holds a ${label.toLowerCase()} and no private key: the file with -----BEGIN PRIVATE KEY----- is needed`,
    );
  }
  const isEncrypted = isEncryptedPem(text);
  if (isEncrypted && passphrase === undefined) throw fail('is encrypted: give its passphrase');
  try {
    return createPrivateKey({ key: text, format: 'pem', passphrase });
  } catch (cause) {
    throw fail(
      isEncrypted ? 'cannot be opened with this passphrase' : `is damaged: ${(cause as Error).message}`,
      cause,
    );
  }
}

function readJwk(text: string, fail: Fail): PrivateKey {
  const jwk = parse(text, fail);
  if (Array.isArray(jwk.keys))
    throw fail('holds a key set: put one key, the object inside of "keys", into a file of its own');
  if (jwk.kty === 'oct')
    throw fail('holds a symmetric key, with which nobody else could check a token: RSA, EC or OKP is needed');
  if (typeof jwk.d !== 'string') throw fail('holds no private key: the JWK lacks "d"');
  if (jwk.use !== undefined && jwk.use !== 'sig')
    throw fail('holds a key for encryption: its "use" must be "sig" or absent');
  const known: readonly unknown[] = signingAlgorithms;
  if (jwk.alg !== undefined && !known.includes(jwk.alg)) {
    throw fail(
      `says alg ${JSON.stringify(jwk.alg)}, which this server does not sign with: ${signingAlgorithms.join(', ')}`,
    );
  }
  try {
    return {
      key: createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }),
      jwkAlgorithm: jwk.alg as SigningAlgorithm,
    };
  } catch (cause) {
    throw fail(`is not a sound JWK: ${(cause as Error).message}`, cause);
  }
}

function parse(text: string, fail: Fail): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    // What the parser says repeats what it could not read.
    throw fail('holds no JSON, though it begins with {', cause instanceof SyntaxError ? undefined : cause);
  }
}
