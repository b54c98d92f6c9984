import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { Option } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { exitCodes } from '../exit-codes.js';

export type Fetch = typeof globalThis.fetch;

const timeoutMilliseconds = 10_000;

/** For servers whose certificate is of a private authority, such as the STS's own for development. */
export const caOption = () =>
  new Option('--ca <file>', 'a certificate authority to trust beside the public ones, PEM (.data/tls/ca.pem)');

/** The authorities of a file, beside the public ones; none: what Node.js trusts. */
export function readAuthorities(file: string | undefined): string[] | undefined {
  if (file === undefined) return undefined;
  try {
    const ca = readFileSync(file, 'utf8');
    createSecureContext({ ca });
    if (ca.includes('-----BEGIN CERTIFICATE-----')) return [...rootCertificates, ca];
    throw new Error('it holds no certificate in PEM form');
  } catch (error) {
    throw new CliFault(`--ca: ${file} cannot be used: ${(error as Error).message}.`, exitCodes.usage, { cause: error });
  }
}

/** A fetch of its own, since the global one cannot be told whom to trust. Redirects are not followed. */
export function fetchTrusting(authorities: string[] | undefined): Fetch {
  // Not at the top: `sts start` is the same program, and would load it for nothing.
  const loading = import('undici').then(({ Agent, fetch }) => ({
    fetch,
    dispatcher: new Agent({ connect: { ca: authorities, timeout: timeoutMilliseconds } }),
  }));
  return async (resource, init) => {
    const { fetch, dispatcher } = await loading;
    const signal = init?.signal ?? AbortSignal.timeout(timeoutMilliseconds);
    const options = { redirect: 'manual', ...init, signal, dispatcher } as Parameters<typeof fetch>[1];
    return fetch(resource as string | URL, options);
  };
}
