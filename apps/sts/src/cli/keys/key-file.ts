import { readFile } from 'node:fs/promises';
import { isEncryptedPem, readSigningKey, type SigningAlgorithm, type SigningKey } from '@tessera/token-server';
import { CliFault } from '../cli-fault.js';
import { exitCodes } from '../exit-codes.js';
import { readLine } from '../perform/client-secret.js';
import type { Terminal } from '../terminal.js';
import { Pkcs12 } from './pkcs12.js';

/** Where a private key is, and what opens it. */
export interface KeyFileOptions {
  readonly algorithm?: SigningAlgorithm;
  readonly passphraseFile?: string;
  readonly passphraseStdin?: true;
}

/** Reads a private key: PEM, JWK or PKCS#12. A passphrase is asked for where one is needed and none is given. @throws CliFault */
export async function readKeyFile(file: string, options: KeyFileOptions, terminal: Terminal): Promise<SigningKey> {
  const bytes = await read(file);
  const given = await givenPassphrase(options, terminal);
  const ask = async () => given ?? (await askPassphrase(terminal));
  const pkcs12 = Pkcs12.read(bytes);
  const { content, passphrase } = pkcs12
    ? await openPkcs12(file, pkcs12, ask)
    : { content: bytes, passphrase: isEncryptedPem(bytes.toString('latin1')) ? await ask() : undefined };
  return readSigningKey({ file, content, passphrase, algorithm: options.algorithm }).catch((error: Error) => {
    throw new CliFault(error.message, undefined, { cause: error });
  });
}

async function openPkcs12(file: string, pkcs12: Pkcs12, ask: () => Promise<string>) {
  // Files without a passphrase have an empty one.
  const passphrase = (await pkcs12.isOpenedBy('')) ? '' : await ask();
  if ((await pkcs12.isOpenedBy(passphrase)) === false)
    throw new CliFault(`${file} cannot be opened with this passphrase.`);
  const keys = pkcs12.privateKeys();
  if (keys.length === 1) return { content: Buffer.from(keys[0]!), passphrase };
  throw new CliFault(
    keys.length === 0
      ? `${file} holds no private key that can be found. If there should be one, make PEM with: openssl pkcs12 -in ${file} -nocerts -out key.pem`
      : `${file} holds ${keys.length} private keys: put the one that shall sign into a file of its own.`,
  );
}

async function givenPassphrase({ passphraseFile, passphraseStdin }: KeyFileOptions, terminal: Terminal) {
  if (passphraseFile !== undefined) return (await read(passphraseFile)).toString('utf8').replace(/\r?\n$/, '');
  return passphraseStdin ? readLine('passphrase', terminal) : undefined;
}

async function askPassphrase(terminal: Terminal): Promise<string> {
  return terminal.askSecret('Passphrase', '--passphrase-file or --passphrase-stdin');
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: Error) => {
    throw new CliFault(`${file} cannot be read: ${error.message}`, exitCodes.failed, { cause: error });
  });
}
