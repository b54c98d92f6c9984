import type { Client } from '../client.js';

/** What tells a client's certificate from those of others (RFC 8705 §2.1.2). */
const subjectProperties = [
  'tlsClientAuthSubjectDn',
  'tlsClientAuthSanDns',
  'tlsClientAuthSanUri',
  'tlsClientAuthSanIp',
  'tlsClientAuthSanEmail',
] as const;

type At<Fault> = (property: keyof Client, value: unknown, problem: string) => Fault;

/** How a client is told by its certificate, and tokens that could not be bound to one. */
export function certificateContradictions<Fault>(client: Client, at: At<Fault>): Fault[] {
  return [...subjectContradictions(client, at), ...bindingContradictions(client, at)];
}

/** They would be of use to everybody who gets hold of them, against what the client was promised. */
function bindingContradictions<Fault>(client: Client, at: At<Fault>): Fault[] {
  if (!client.tlsClientCertificateBoundAccessTokens || !client.allowAccessTokensViaBrowser) return [];
  const problem =
    'contradicts tlsClientCertificateBoundAccessTokens: tokens that come through the browser are bound to nothing';
  return [at('allowAccessTokensViaBrowser', true, problem)];
}

/** RFC 8705 §2.1.2: exactly one of them for `tls_client_auth`, which is the only method that reads them. */
function subjectContradictions<Fault>(client: Client, at: At<Fault>): Fault[] {
  const given = subjectProperties.filter((property) => client[property] !== undefined);
  if (client.tokenEndpointAuthMethod !== 'tls_client_auth') {
    const problem = 'is read with tokenEndpointAuthMethod: tls_client_auth alone: set that, or leave this out';
    return given.map((property) => at(property, client[property], problem));
  }
  if (given.length === 1) return [];
  const problem = `tls_client_auth needs exactly one of ${subjectProperties.join(', ')} (RFC 8705 §2.1.2), and ${given.length === 0 ? 'none is given' : `there are ${given.join(' and ')}`}`;
  return [at('tokenEndpointAuthMethod', 'tls_client_auth', problem)];
}
