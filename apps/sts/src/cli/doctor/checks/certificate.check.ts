import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { describeNetworkFault } from '../../http/network-fault.js';
import { type Finding, findings } from '../finding.js';

const { fine, warning, problem, unchecked } = findings('certificate');
const timeoutMilliseconds = 10_000;
const warnDays = 21;

interface Shown {
  readonly certificate?: X509Certificate;
  /** Why it is not to be trusted under this name. */
  readonly refusal?: string;
}

/** Does the public address show a certificate that clients accept, and for how long? */
export async function checkCertificate(
  issuer: string,
  authorities: string[] | undefined,
  now = Date.now(),
): Promise<Finding[]> {
  const url = new URL(issuer);
  if (url.protocol !== 'https:') return [checkPlain(url)];
  const shown = await lookAt(url, authorities).catch((error: unknown) => describeNetworkFault(error));
  if (typeof shown === 'string')
    return [unchecked(`${url.host} cannot be reached: ${shown}`, 'Mend that and look again.')];
  return [...trust(url, shown), ...expiry(shown, now)];
}

function checkPlain({ host, hostname }: URL): Finding {
  if (['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    return fine(`${host} is this machine: plain http will do`);
  return problem(
    `nothing encrypts the way to ${host}`,
    'The issuer must be https (RFC 8414 §2); STS_TLS=files, or a proxy that ends TLS.',
  );
}

/** The connection is made in any case, and nothing is sent on it: what is wrong with the certificate is what is asked for. */
function lookAt({ hostname, port }: URL, ca: string[] | undefined): Promise<Shown> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      servername: isIP(host) ? undefined : host,
      ca,
      rejectUnauthorized: false,
    });
    socket.setTimeout(timeoutMilliseconds, () =>
      socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', reject).once('secureConnect', () => {
      // It is a code where the chain is wrong, and an error where the name is.
      const refusal: unknown = socket.authorized ? undefined : socket.authorizationError;
      resolve({
        certificate: socket.getPeerX509Certificate(),
        refusal: refusal === undefined ? undefined : codeOf(refusal),
      });
      socket.destroy();
    });
  });
}

function codeOf(refusal: unknown): string {
  const code =
    refusal instanceof Error ? ((refusal as NodeJS.ErrnoException).code ?? refusal.message) : String(refusal);
  return describeNetworkFault(Object.assign(new Error(code), { code }));
}

function trust({ host }: URL, { certificate, refusal }: Shown): Finding[] {
  if (refusal === undefined) return [fine(`${host} shows a certificate that is trusted here, and for its name`)];
  const names = certificate?.subjectAltName ?? 'none';
  return [
    problem(
      `clients refuse the certificate of ${host}: ${refusal} (its names: ${names})`,
      'See STS_TLS_CERT, or the certificate of the proxy.',
    ),
  ];
}

function expiry({ certificate }: Shown, now: number): Finding[] {
  if (!certificate) return [];
  const days = Math.floor((Date.parse(certificate.validTo) - now) / 86_400_000);
  const until = new Date(certificate.validTo).toISOString().slice(0, 10);
  if (days >= warnDays) return [fine(`it is valid until ${until}, for ${days} days`)];
  if (days < 0) return [problem(`it expired on ${until}`, 'Renew it.')];
  return [warning(`it expires on ${until}, in ${days} days`, 'Renew it, and see why nothing renews it by itself.')];
}
