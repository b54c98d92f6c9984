import type { ClientCertificate } from '@tessera/jws';
import { type Client, isSameName, parseDistinguishedName } from '@tessera/resource-model';
import { type CertificateNames, namesOf, plainAddress } from './certificate-names.js';

/** Why a certificate, whoever issued it, is not the client's (RFC 8705 §2.1.2); undefined: it is. Nothing in a name stands for others. */
export async function subjectFault(client: Client, certificate: ClientCertificate): Promise<string | undefined> {
  let names: CertificateNames;
  try {
    names = await namesOf(certificate);
  } catch (error) {
    return `the names of the certificate cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  return isOf(client, names) ? undefined : 'the certificate is another subject’s';
}

function isOf(client: Client, names: CertificateNames): boolean {
  const asked = [
    has(client.tlsClientAuthSubjectDn, (name) => isSameName(parseDistinguishedName(name), names.subject)),
    has(client.tlsClientAuthSanDns, (host) => names.dns.some((one) => isSameText(one, host))),
    has(client.tlsClientAuthSanUri, (uri) => names.uris.includes(uri)),
    has(client.tlsClientAuthSanIp, (address) => names.addresses.includes(plainAddress(address))),
    has(client.tlsClientAuthSanEmail, (address) => names.emails.some((one) => mailbox(one) === mailbox(address))),
  ].filter((answer) => answer !== undefined);
  return asked.length === 1 && asked[0] === true;
}

/** Undefined where the client does not ask for it. */
function has(expected: string | undefined, compare: (expected: string) => boolean): boolean | undefined {
  return expected === undefined ? undefined : compare(expected);
}

/** RFC 4343: the letters of ASCII, and no others, are the same in both cases. */
function isSameText(one: string, other: string): boolean {
  return lower(one) === lower(other);
}

/** RFC 5280 §7.5: what is before the `@` is for its host to read. */
function mailbox(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + lower(address.slice(at));
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
