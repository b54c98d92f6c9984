import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import { CliFault } from '../cli-fault.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import { date, distance } from '../output/time.js';

/** What a signed token says; whether it is true is another question. */
export interface DecodedToken {
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

/** Claims that are times, in seconds since 1970. */
const times = ['iat', 'nbf', 'exp', 'auth_time', 'updated_at'];

/** A JWT's parts without any check. undefined: it is none. */
export function decodeToken(token: string): DecodedToken | undefined {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    return undefined;
  }
}

/** @throws CliFault that says what it is instead */
export function readToken(text: string): { token: string; decoded: DecodedToken } {
  const token = text.trim().replace(/^Bearer\s+/i, '');
  const decoded = decodeToken(token);
  if (decoded) return { token, decoded };
  if (token === '')
    throw new CliFault('There is no token: give it on standard input, e.g. sts token decode < token.txt.');
  const parts = token.split('.').length;
  if (parts === 5) throw new CliFault('The token is encrypted (JWE): only the one it was made for can read it.');
  if (parts === 1) {
    throw new CliFault(
      'The token is no JWT: it has no dots. A reference or refresh token has no content; the introspection endpoint says what it stands for.',
    );
  }
  throw new CliFault('The token is no JWT: it must be three parts of base64url with dots between. Was it cut off?');
}

/** For people: one line a claim, times as dates. `now` in seconds since 1970. */
export function describeToken({ header, claims }: DecodedToken, now: number): string {
  return `Header\n${entries(header, now)}\nClaims\n${entries(claims, now)}`;
}

function entries(values: object, now: number): string {
  const rows = Object.entries(values).map(([name, value]) => [`  ${printable(name)}`, shown(name, value, now)]);
  return rows.length === 0 ? '  (none)' : table(rows);
}

function shown(name: string, value: unknown, now: number): string {
  if (times.includes(name) && isTime(value)) return `${date(value)} (${distance(value, now)})`;
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

/** One that Date can show. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8_640_000_000_000;
}
