/** One certificate, or the chain that begins with it: in both cases the first is the client's own (RFC 8446 §4.4.2). */
const pem = /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----(?:\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----)*$/; // prettier-ignore

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The header of Envoy, whose value has a form of its own. */
const envoyHeader = 'x-forwarded-client-cert';

/**
 * The base64 of the certificate's DER in what proxies send: PEM, URL-encoded (nginx, AWS) or with spaces or tabs in place of the
 * line breaks (Apache), base64 alone (HAProxy), between colons (RFC 9440), or Envoy's list. `header` is the name in lower case.
 */
export function certificateText(value: string, header: string): string {
  const written = header === envoyHeader ? envoyCertificate(value) : value;
  // A plus sign stands for itself here, not for a space: AWS leaves it as it is.
  const text = (written.includes('%') ? decodeURIComponent(written) : written).trim();
  const bare = pem.exec(text)?.[1]?.replace(/\s+/g, '') ?? byteSequence(text);
  if (!base64.test(bare)) throw new Error('it is neither PEM nor base64');
  return bare;
}

/** RFC 9440 §2.1: a Byte Sequence of RFC 8941 stands between colons. */
function byteSequence(text: string): string {
  return text.length > 2 && text.startsWith(':') && text.endsWith(':') ? text.slice(1, -1) : text;
}

/** One `Name=value` of Envoy's header, quoted where the value needs it, and what follows: `;` or, before the next proxy's, `,`. */
const envoyMember = /([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^;,"]*))(;|,|$)/y;

/**
 * The member `Cert`. It is read member by member: the client chooses its Subject, which must not pass for another member. With
 * several elements the first may be the client's own words, so there must be one: `forward_client_cert_details: SANITIZE_SET`.
 */
function envoyCertificate(value: string): string {
  let certificate: string | undefined;
  for (let at = 0, end = ';'; end !== ''; at = envoyMember.lastIndex) {
    envoyMember.lastIndex = at;
    const member = envoyMember.exec(value);
    if (!member) throw new Error(`it cannot be read at character ${at}`);
    end = member[4]!;
    if (end === ',') throw new Error('it has more than one element; let the proxy replace what it receives');
    if (member[1]!.toLowerCase() !== 'cert') continue;
    if (certificate !== undefined) throw new Error('it has more than one Cert');
    certificate = member[2] ?? member[3]!;
  }
  if (certificate) return certificate;
  throw new Error('it has no Cert; add cert to set_current_client_cert_details');
}
