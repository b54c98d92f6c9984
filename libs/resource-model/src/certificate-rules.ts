import { isIP } from 'node:net';
import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { parseDistinguishedName } from './distinguished-name.js';
import { isNetwork } from './network.js';

/** A distinguished name that can be compared with those of certificates. */
export function IsDistinguishedName(): PropertyDecorator {
  return rule('isDistinguishedName', (value) => nameFault(value) === undefined, ({ value }) => `$property must be a distinguished name as RFC 4514 writes it, e.g. CN=client,O=Example\\, Inc.,C=DE: ${nameFault(value)}`); // prettier-ignore
}

/** A name that is compared with a certificate's, character by character: nothing in it stands for others. */
export function IsCertificateHost(): PropertyDecorator {
  return rule('isCertificateHost', (value) => typeof value === 'string' && /^(?!.*\.\.)[\w-][\w.-]*$/.test(value), () => '$property must be a host name without wildcard, e.g. client.example.com'); // prettier-ignore
}

/** An address of IPv4 or IPv6. */
export function IsIpAddress(): PropertyDecorator {
  return rule('isIpAddress', (value) => typeof value === 'string' && isIP(value) !== 0, () => '$property must be an address of IPv4 or IPv6'); // prettier-ignore
}

/** Addresses and networks, as `10.0.0.0/8` or `loopback`. */
export function IsNetwork(options: ValidationOptions): PropertyDecorator {
  return rule('isNetwork', (value) => typeof value === 'string' && isNetwork(value), () => '$property must hold addresses and networks, e.g. 10.0.0.0/8 or loopback', options); // prettier-ignore
}

/** `socket`, or an object with the name of a header. */
export function IsCertificateSource(): PropertyDecorator {
  return rule('isCertificateSource', isCertificateSource, () => "$property must be socket, or an object with the header in which the proxy passes the certificate on, e.g. { header: 'X-Client-Cert' }"); // prettier-ignore
}

function isCertificateSource(value: unknown): boolean {
  if (value === 'socket') return true;
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'header') return false;
  const { header } = value as { header: unknown };
  return typeof header === 'string' && /^[!#$%&'*+.^_`|~\w-]+$/.test(header);
}

function nameFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'it is no text';
  try {
    parseDistinguishedName(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function rule(
  name: string,
  validate: (value: unknown) => boolean,
  defaultMessage: (fault: ValidationArguments) => string,
  options?: ValidationOptions,
): PropertyDecorator {
  const message = (fault?: ValidationArguments) => defaultMessage(fault!);
  return ValidateBy({ name, validator: { validate, defaultMessage: message } }, options);
}
