import type { Order } from '../orders/order.js';
import type { Session } from '../sessions/session.js';

/** What the page of a signed-in person shows. No token is part of it. */
export interface HomeModel {
  readonly name: string;
  readonly claims: readonly Row[];
  readonly facts: readonly Row[];
  readonly canRefresh: boolean;
  readonly orders: readonly Order[];
  readonly ordersProblem: string | undefined;
  readonly api: string;
  readonly formToken: string;
  readonly problem: string | undefined;
  /** The order that is to be cancelled if the person says so once more. */
  readonly toCancel: Order | undefined;
}

interface Row {
  readonly name: string;
  readonly value: string;
}

/** How many of the API's orders are shown. */
const shownOrders = 10;

/** Claims that are about the token, not about the person. */
const protocolClaims = new Set(
  ['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'at_hash', 'c_hash', 's_hash', 'sid', 'auth_time'],
); // prettier-ignore

export function homeModel(
  { person, tokens, formToken }: Session,
  orders: { readonly list: readonly Order[]; readonly problem?: string },
  { issuer, api }: { readonly issuer: string; readonly api: string },
  { problem, cancel }: { readonly problem?: string | undefined; readonly cancel?: string | undefined },
): HomeModel {
  const { claims } = person;
  const facts = {
    'Signed in by': issuer,
    'Signed in at': moment(claims.auth_time),
    'Session (sid)': person.sid ?? 'not told',
    'Granted scopes': tokens.scopes.join(', '),
    'Access token ends': moment(tokens.expiresAt),
    'Refresh token': tokens.refreshToken === undefined ? 'none' : 'held by this server',
  };
  return {
    name: [claims.name, claims.preferred_username].find((name) => typeof name === 'string') ?? person.subject,
    claims: Object.entries(claims)
      .filter(([name]) => !protocolClaims.has(name))
      .map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) })),
    facts: Object.entries(facts).map(([name, value]) => ({ name, value })),
    canRefresh: tokens.refreshToken !== undefined,
    orders: orders.list
      .slice(-shownOrders)
      .reverse()
      .map((order) => ({ ...order, createdAt: moment(Date.parse(order.createdAt) / 1000) })),
    ordersProblem: orders.problem,
    api: `${api}/orders`,
    formToken,
    problem,
    toCancel: orders.list.find(({ id }) => id === cancel),
  };
}

/** Seconds since 1970, for a person: `2030-01-01 00:00:00 UTC`. */
function moment(seconds: unknown): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return 'not told';
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'not told' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
