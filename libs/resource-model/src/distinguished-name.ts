/** One attribute of a name: its object identifier with text, or with a value of another kind as the hex digits of its DER. */
export interface NameAttribute {
  readonly type: string;
  readonly text?: string;
  readonly der?: string;
}

/** The name of a certificate's subject, in the order of the certificate (RFC 5280 §4.1.2.4): each part has one attribute or more. */
export type DistinguishedName = readonly (readonly NameAttribute[])[];

/** RFC 4514 §3 and the names of RFC 4519, PKCS #9 and ETSI EN 319 412 that certificates of organizations use; any other is written as its number. */
const attributeTypes: ReadonlyMap<string, string> = new Map([
  ['cn', '2.5.4.3'], ['commonname', '2.5.4.3'], ['sn', '2.5.4.4'], ['surname', '2.5.4.4'], ['serialnumber', '2.5.4.5'],
  ['c', '2.5.4.6'], ['countryname', '2.5.4.6'], ['l', '2.5.4.7'], ['localityname', '2.5.4.7'], ['st', '2.5.4.8'],
  ['stateorprovincename', '2.5.4.8'], ['street', '2.5.4.9'], ['o', '2.5.4.10'], ['organizationname', '2.5.4.10'],
  ['ou', '2.5.4.11'], ['organizationalunitname', '2.5.4.11'], ['title', '2.5.4.12'], ['businesscategory', '2.5.4.15'],
  ['postalcode', '2.5.4.17'], ['givenname', '2.5.4.42'], ['gn', '2.5.4.42'], ['organizationidentifier', '2.5.4.97'],
  ['emailaddress', '1.2.840.113549.1.9.1'], ['e', '1.2.840.113549.1.9.1'], ['dc', '0.9.2342.19200300.100.1.25'],
  ['domaincomponent', '0.9.2342.19200300.100.1.25'], ['uid', '0.9.2342.19200300.100.1.1'],
  ['userid', '0.9.2342.19200300.100.1.1'],
]); // prettier-ignore

/** Any character that stands for itself, or what a backslash makes one of: a special one, or a byte of UTF-8 in hex (RFC 4514 §2.4). */
const character = String.raw`[^\\,+"<>;\0]|\\(?:[\\ #="+,;<>]|[0-9a-fA-F]{2})`;

/** One attribute, and what separates it from the next: `,` or `+`, or nothing at the end. Nothing that is escaped separates. */
const attribute = new RegExp(
  String.raw`\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*((?:${character})*)(,|\+|$)`,
  'y',
);

/**
 * Reads a name as RFC 4514 writes it: the most specific part first, `CN=client,O=Example\, Inc.,C=DE`. Spaces around the parts
 * do not count, as in RFC 2253.
 * @throws Error that says what is wrong
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  const name: NameAttribute[][] = [];
  let part: NameAttribute[] = [];
  for (let at = 0, end = ','; end !== ''; at = attribute.lastIndex) {
    attribute.lastIndex = at;
    const found = attribute.exec(text);
    if (!found) throw new Error(`it cannot be read at character ${at + 1}`);
    part.push(readAttribute(found[1]!, found[2]!));
    end = found[3]!;
    if (end === '+') continue;
    name.unshift(part);
    part = [];
  }
  return name;
}

/** RFC 5280 §7.1: part by part in the same order; within a part the order does not count, nor do case and repeated spaces. */
export function isSameName(one: DistinguishedName, other: DistinguishedName): boolean {
  return comparable(one) === comparable(other);
}

function comparable(name: DistinguishedName): string {
  return JSON.stringify(
    name.map((part) => part.map(({ type, text, der }) => JSON.stringify([type, text && folded(text), der])).sort()),
  );
}

/** RFC 4518 §2, as far as it brings together what people write differently; what is invisible stays a difference. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/ +/g, ' ');
}

function readAttribute(keyword: string, written: string): NameAttribute {
  const type = /^\d/.test(keyword) ? keyword : attributeTypes.get(keyword.toLowerCase());
  if (type === undefined) throw new Error(`${keyword} is no known attribute; write its object identifier`);
  if (written.startsWith('#')) return { type, ...readHex(keyword, written.slice(1).trimEnd()) };
  const text = unescaped(written);
  if (text === '') throw new Error(`${keyword} has no value`);
  return { type, text };
}

/** RFC 4514 §2.4: the value in BER. Text of the usual kinds is compared as text, anything else byte for byte. */
function readHex(keyword: string, hex: string): Pick<NameAttribute, 'text' | 'der'> {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex))
    throw new Error(`${keyword} has no hex digits after #; escape a # that is text`);
  const der = Buffer.from(hex, 'hex');
  const isText = textTags.has(der[0]!) && der[1] === der.length - 2;
  return isText ? { text: der.subarray(2).toString('utf8') } : { der: der.toString('hex') };
}

/** UTF8String, PrintableString, IA5String. */
const textTags: ReadonlySet<number> = new Set([0x0c, 0x13, 0x16]);

/** Spaces at the end count where they are escaped. */
function unescaped(written: string): string {
  const characters = written.match(new RegExp(character, 'gu')) ?? [];
  while (characters.at(-1) === ' ') characters.pop();
  const bytes = characters.map((one) => {
    if (!one.startsWith('\\')) return Buffer.from(one);
    return one.length === 3 ? Buffer.from(one.slice(1), 'hex') : Buffer.from(one.slice(1));
  });
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(bytes));
}
