import type { Configuration } from './configuration.js';
import type { Fault } from './fault.js';

interface ClaimType {
  readonly accepts: (value: unknown) => boolean;
  readonly problem: string;
}

const text: ClaimType = {
  accepts: (value) => typeof value === 'string',
  problem: 'must be text (OpenID Connect Core §5.1); YAML takes a number for text only in quotes',
};
const truth: ClaimType = {
  accepts: (value) => typeof value === 'boolean',
  problem: 'must be true or false, without quotes (OpenID Connect Core §5.1)',
};
const time: ClaimType = {
  accepts: (value) => typeof value === 'number',
  problem: 'must be a number, seconds since 1970 (OpenID Connect Core §5.1)',
};
const place: ClaimType = {
  accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  problem: 'must be an object: formatted, street_address, locality, … (OpenID Connect Core §5.1.1)',
};

const texts = [
  'name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website',
  'email', 'gender', 'birthdate', 'zoneinfo', 'locale', 'phone_number',
]; // prettier-ignore
const standardClaims = new Map([
  ...texts.map((name) => [name, text] as const),
  ['email_verified', truth],
  ['phone_number_verified', truth],
  ['updated_at', time],
  ['address', place],
]);
const addressMembers = new Map(
  ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country'].map((name) => [name, text]),
);

/** Claims of people that clients know by OpenID Connect Core §5.1: of another type they stop clients that read them strictly. */
export function claimFaults({ users }: Configuration): Fault[] {
  return users.flatMap(({ claims }, index) => {
    const path = `users[${index}].claims`;
    const { address } = claims;
    const members = place.accepts(address) ? faultsIn(address as object, `${path}.address`, addressMembers) : [];
    return [...faultsIn(claims, path, standardClaims), ...members];
  });
}

function faultsIn(claims: object, path: string, types: ReadonlyMap<string, ClaimType>): Fault[] {
  return Object.entries(claims).flatMap(([name, value]: [string, unknown]) => {
    const type = types.get(name);
    return type === undefined || type.accepts(value) ? [] : [{ path: `${path}.${name}`, value, problem: type.problem }];
  });
}
