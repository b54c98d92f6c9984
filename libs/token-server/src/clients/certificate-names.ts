import { isIPv6 } from 'node:net';
import type { AttributeValue, Name } from '@peculiar/asn1-x509';
import type { ClientCertificate } from '@tessera/jws';
import type { DistinguishedName } from '@tessera/resource-model';

/** What a certificate calls its holder. */
export interface CertificateNames {
  readonly subject: DistinguishedName;
  readonly dns: readonly string[];
  readonly uris: readonly string[];
  /** In the one form of {@link plainAddress}. */
  readonly addresses: readonly string[];
  readonly emails: readonly string[];
}

const known = new WeakMap<ClientCertificate, CertificateNames>();

/** Read from the DER itself: texts about certificates cannot be told from what a certificate writes into its names. @throws Error */
export async function namesOf(certificate: ClientCertificate): Promise<CertificateNames> {
  const names = known.get(certificate) ?? (await readNames(certificate.der));
  known.set(certificate, names);
  return names;
}

async function readNames(der: Buffer): Promise<CertificateNames> {
  // Loaded with the first certificate: most servers never see one, and all would start later for it.
  const { AsnConvert } = await import('@peculiar/asn1-schema');
  const {
    Certificate,
    id_ce_subjectAltName: alternativeNames,
    SubjectAlternativeName,
  } = await import('@peculiar/asn1-x509');
  const { subject, extensions } = AsnConvert.parse(der, Certificate).tbsCertificate;
  const extension = extensions?.find(({ extnID }) => extnID === alternativeNames);
  const all = extension ? [...AsnConvert.parse(extension.extnValue, SubjectAlternativeName)] : [];
  const inDer = (value: AttributeValue) => Buffer.from(AsnConvert.serialize(value)).toString('hex');
  return {
    subject: readSubject(subject, inDer),
    dns: all.flatMap(({ dNSName }) => dNSName ?? []),
    uris: all.flatMap(({ uniformResourceIdentifier }) => uniformResourceIdentifier ?? []),
    addresses: all.flatMap(({ iPAddress }) => iPAddress ?? []).map(plainAddress),
    emails: all.flatMap(({ rfc822Name }) => rfc822Name ?? []),
  };
}

function readSubject(subject: Name, inDer: (value: AttributeValue) => string): DistinguishedName {
  return [...subject].map((part) => [...part].map(({ type, value }) => ({ type, ...readValue(value, inDer) })));
}

function readValue(
  value: AttributeValue,
  inDer: (value: AttributeValue) => string,
): { text: string } | { der: string } {
  const text =
    value.utf8String ?? value.printableString ?? value.ia5String ?? value.bmpString ?? value.universalString ?? value.teletexString; // prettier-ignore
  return text === undefined ? { der: inDer(value) } : { text };
}

/** One address, one text (RFC 8705 §2.1.2: they are compared in binary form). */
export function plainAddress(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname : address;
}
