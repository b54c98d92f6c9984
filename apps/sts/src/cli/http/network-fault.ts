import { types } from 'node:util';

/** What the codes of Node.js and OpenSSL mean, and what to do about them. */
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: start the server, or correct the address',
  ENOTFOUND: 'the name has no address: correct it, or its DNS entry',
  EAI_AGAIN: 'the name cannot be looked up: is there a network?',
  ECONNRESET: 'the connection was cut: is it TLS on one side and plain http on the other?',
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no way to that address',
  ETIMEDOUT: 'there was no answer in time: is something in between in the way?',
  UND_ERR_CONNECT_TIMEOUT: 'there was no answer in time: is something in between in the way?',
  UND_ERR_SOCKET: 'the connection was cut: is it TLS on one side and plain http on the other?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there: is it http, or another port?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS there: is it http, or another port?',
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate signed itself: trust it with --ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not trusted here: name that with --ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate cannot be traced to a trusted authority: the server must send the whole chain, or name the authority with --ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate cannot be traced to a trusted authority: the server must send the whole chain, or name the authority with --ca',
};

/** Others of the same kinds. */
const codes = /^(?:E[A-Z]+|UND_ERR_.*|CERT_.*|ERR_(?:SSL|TLS)_.*)$/;

/** The first code of an error, or of its causes, that says why a request had no answer. */
export function networkCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown };
  const isOfNetwork = typeof code === 'string' && (code in meanings || codes.test(code));
  if (isOfNetwork) return code;
  return name === 'TimeoutError' ? 'ETIMEDOUT' : networkCode(cause);
}

/** Why a request had no answer, and the remedy. */
export function describeNetworkFault(error: unknown): string {
  const code = networkCode(error);
  if (code !== undefined) return meanings[code] ?? code;
  return innermost(error);
}

function innermost(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return types.isNativeError(error.cause) ? innermost(error.cause) : error.message;
}
