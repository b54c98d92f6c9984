import { hasSecretMembers } from '@tessera/protocol';
import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import type { Jwk } from './encryption-key.js';

/** Public keys as JSON has them (RFC 7517 §5); what stands beside `keys` is not read. */
export interface KeySet {
  readonly keys: readonly Jwk[];
}

/** More keys than any client has a use for. */
const mostKeys = 50;

/** What is wrong with what should be a set of public keys; undefined: nothing. */
export function keySetFault(value: unknown): string | undefined {
  const keys = typeof value === 'object' && value !== null ? (value as { readonly keys?: unknown }).keys : undefined;
  if (!Array.isArray(keys)) return 'must be a JWK Set: an object with a list of keys (RFC 7517 §5)';
  if (keys.length > mostKeys) return `must not hold more than ${mostKeys} keys`;
  if (!keys.every(isKey)) return 'must hold keys as JSON objects with a kty (RFC 7517 §4)';
  if (keys.some(hasSecretMembers)) return 'must hold public keys only, and one of these is private or symmetric';
  return undefined;
}

function isKey(value: unknown): value is object {
  return typeof value === 'object' && value !== null && typeof (value as { readonly kty?: unknown }).kty === 'string';
}

/** Public keys of somebody else; private ones are refused, and so nobody keeps them here by mistake. */
export function IsKeySet(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isKeySet',
      validator: {
        validate: (value: unknown) => keySetFault(value) === undefined,
        defaultMessage: ({ value }: ValidationArguments) => `$property ${keySetFault(value) ?? ''}`,
      },
    },
    options,
  );
}
