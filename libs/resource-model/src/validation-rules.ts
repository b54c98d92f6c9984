import {
  IsInt,
  isURL,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';
import { passwordHashFault } from './password-hash-forms.js';

/** RFC 6749 §3.3: a scope token is one or more printable characters without space, quote and backslash. */
export function IsScopeName(options?: ValidationOptions): PropertyDecorator {
  return Matches(/^[\x21\x23-\x5B\x5D-\x7E]{1,200}$/, {
    message: '$property must be 1 to 200 printable ASCII characters without space, quote and backslash (RFC 6749 §3.3)',
    ...options,
  });
}

/** RFC 6749 appendix A.1: a client id is printable ASCII. */
export function IsIdentifier(options?: ValidationOptions): PropertyDecorator {
  return Matches(/^[\x20-\x7E]{1,200}$/, {
    message: '$property must be 1 to 200 printable ASCII characters (RFC 6749 appendix A.1)',
    ...options,
  });
}

/** A page that a person may be sent to: http or https, so that `javascript:` and `data:` never reach a link. */
export function IsWebUrl(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isUrl',
      validator: {
        validate: isWebUrl,
        defaultMessage: () => '$property must be an absolute http or https URL, without control characters',
      },
    },
    options,
  );
}

/** Readers of an address disagree about what is left out: two slashes, or characters that some of them pass over. */
const webAddress = /^https?:\/\/[^/\p{Cc}][^\p{Cc}]*$/iu;

function isWebUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !webAddress.test(value)) return false;
  return isURL(value, { protocols: ['https', 'http'], require_protocol: true, require_tld: false });
}

/** A span of time in whole seconds, at most ten years unless it says otherwise. */
export function IsSeconds(minimum: number, maximum = 315_360_000): PropertyDecorator {
  const rules = [IsInt({ message: '$property must be a whole number of seconds' }), Min(minimum), Max(maximum)];
  return (target, property) => rules.forEach((rule) => rule(target, property));
}

/** Where an answer may be sent: an absolute URI without fragment (RFC 6749 §3.1.2), of a scheme that runs no script. */
export function IsRedirectUri(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isRedirectUri',
      validator: {
        validate: isRedirectUri,
        defaultMessage: () =>
          '$property must hold absolute URIs without fragment and without wildcard (RFC 6749 §3.1.2), in the characters of RFC 3986, none of javascript:, data:, blob:, file: or vbscript:',
      },
    },
    options,
  );
}

const scriptSchemes = new Set([
  'javascript:',
  'data:',
  'blob:',
  'file:',
  'vbscript:',
  'about:',
  'view-source:',
  'filesystem:',
]);

/** RFC 3986 §2: no other character can be sent in a Location header, and parsers pass over white space in different ways. */
const uriCharacters = /^[\w.~:/?[\]@!$&'()+,;=%-]+$/;

function isRedirectUri(value: unknown): boolean {
  if (typeof value !== 'string' || !uriCharacters.test(value) || !URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'http:' || protocol === 'https:' ? webAddress.test(value) : !scriptSchemes.has(protocol);
}

/** An origin as browsers send it: scheme, host, port; no path, no trailing slash. */
export function IsOrigin(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isOrigin',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value,
        defaultMessage: () =>
          '$property must hold origins as browsers send them: scheme, host and port, no path and no trailing slash, e.g. https://app.example.com',
      },
    },
    options,
  );
}

/** A host, all hosts below a name, or any: `app.example.com`, `.example.com`, `*`. Never an address: names are what people trust. */
export function IsHostPattern(options?: ValidationOptions): PropertyDecorator {
  return Matches(hostPattern, {
    message:
      '$property must hold hosts in lower case: app.example.com, .example.com for all below that name, or * for any',
    ...options,
  });
}

const hostPattern = /^(?:\*|\.?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** Names with text for values. */
export function IsTextMap(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTextMap',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value) &&
          Object.values(value).every((text) => typeof text === 'string'),
        defaultMessage: () => '$property must be an object whose values are text',
      },
    },
    options,
  );
}

/** A text for people: one, or one for each language (BCP 47). */
export function IsWording(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isWording',
      validator: {
        validate: (value: unknown) => isText(value) || (isObject(value) && Object.entries(value).every(isTranslation)),
        defaultMessage: () =>
          '$property must be text, or an object of texts under the names of their languages, e.g. { en: Transfer {amount}, de: Überweisung von {amount} }',
      },
    },
    options,
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTranslation([language, text]: [string, unknown]): boolean {
  return /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(language) && isText(text);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

/** Scopes with lists of scopes for values. */
export function IsScopeMap(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isScopeMap',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value) &&
          Object.values(value).every((list) => Array.isArray(list) && list.every((one) => typeof one === 'string')),
        defaultMessage: () =>
          '$property must be an object whose values are lists of scopes, e.g. { api1: [api2.read] }',
      },
    },
    options,
  );
}

/** A password hash in a form that is known here, and that takes no gigabytes and no minutes to check. */
export function IsPasswordHash(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isPasswordHash',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && passwordHashFault(value) === undefined,
        defaultMessage: ({ value }: ValidationArguments) =>
          `$property ${passwordHashFault(String(value)) ?? 'must be text'}`,
      },
    },
    options,
  );
}
