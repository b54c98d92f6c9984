import { isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository: the servers run from here, and relative paths mean this folder. */
export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the servers are, and whose certificates are believed. */
export interface Addresses {
  /** The issuer, without a trailing slash. */
  readonly sts: string;
  /** Without a trailing slash. */
  readonly api: string;
  /** Without a trailing slash. */
  readonly web: string;
  /** Where the sample web application runs a second time, if it shall. Without a trailing slash. */
  readonly second: string | undefined;
  /** The folder with the development certificate: ca.pem, cert.pem, key.pem. Absolute. */
  readonly tlsFolder: string;
  /** A PEM file, absolute. It need not exist yet: the token server makes it at its first start. */
  readonly caFile: string;
}

/** The options as they come from the command line. */
export interface AddressOptions {
  readonly sts?: string | undefined;
  readonly api?: string | undefined;
  readonly web?: string | undefined;
  readonly second?: string | undefined;
  readonly ca?: string | undefined;
}

/** What no option says is as the servers' own variables say, or as usual. Throws an Error that names the option, the value and what would be right. */
export function readAddresses({ sts, api, web, second, ca }: AddressOptions): Addresses {
  const tlsFolder = fromRoot(join(process.env.STS_DATA || '.data', 'tls'));
  return {
    sts: readUrl('--sts', sts ?? process.env.STS_ISSUER ?? `https://localhost:${process.env.STS_PORT || 5001}`),
    api: readUrl('--api', api ?? `https://localhost:${process.env.API_PORT || 6001}`),
    web: readUrl('--web', web ?? `https://localhost:${process.env.WEB_PORT || 7001}`),
    second: second === undefined ? undefined : readUrl('--second', second),
    tlsFolder,
    caFile: ca === undefined ? join(tlsFolder, 'ca.pem') : fromRoot(ca),
  };
}

/** As somebody in the root of the repository would write it. */
export function shownPath(path: string): string {
  const short = relative(repositoryRoot, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short.split(sep).join('/');
}

function fromRoot(path: string): string {
  return isAbsolute(path) ? path : join(repositoryRoot, path);
}

function readUrl(option: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.search || url.hash) {
    throw new Error(`${option} is '${value}'; it must be an address like https://localhost:5001.`);
  }
  return value.replace(/\/+$/, '');
}
