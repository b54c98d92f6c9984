import { isIPv6 } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  type AttributeValue,
  Certificate,
  type Name,
  id_ce_subjectAltName as alternativeNames,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
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
export function namesOf(certificate: ClientCertificate): CertificateNames {
  let names = known.get(certificate);
  if (!names) {
    names = readNames(certificate.der);
    known.set(certificate, names);
  }
  return names;
}

function readNames(der: Buffer): CertificateNames {
  const { subject, extensions } = AsnConvert.parse(der, Certificate).tbsCertificate;
  const extension = extensions?.find(({ extnID }) => extnID === alternativeNames);
  const all = extension ? [...AsnConvert.parse(extension.extnValue, SubjectAlternativeName)] : [];
  return {
    subject: readSubject(subject),
    dns: all.flatMap(({ dNSName }) => dNSName ?? []),
    uris: all.flatMap(({ uniformResourceIdentifier }) => uniformResourceIdentifier ?? []),
    addresses: all.flatMap(({ iPAddress }) => iPAddress ?? []).map(plainAddress),
    emails: all.flatMap(({ rfc822Name }) => rfc822Name ?? []),
  };
}

function readSubject(subject: Name): DistinguishedName {
  return [...subject].map((part) => [...part].map(({ type, value }) => ({ type, ...readValue(value) })));
}

function readValue(value: AttributeValue): { text: string } | { der: string } {
  const text =
    value.utf8String ?? value.printableString ?? value.ia5String ?? value.bmpString ?? value.universalString ?? value.teletexString; // prettier-ignore
  return text === undefined ? { der: Buffer.from(AsnConvert.serialize(value)).toString('hex') } : { text };
}

/** One address, one text (RFC 8705 §2.1.2: they are compared in binary form). */
export function plainAddress(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname : address;
}
