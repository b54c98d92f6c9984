import { refusalBody, type Refusal } from './refusal-details.js';

/** The codes that servers and clients of GraphQL know. */
const codes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
};

/** The `extensions` of a refusal in an answer of GraphQL. Apollo takes `http` out of them, for the answer that carries the errors. */
export function graphqlExtensions(refusal: Refusal): Record<string, unknown> {
  const status = refusal.getStatus();
  const headers = new Map(Object.entries(refusal.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { code: codes[status], reason: refusal.code, status, ...refusalBody(refusal), http: { status, headers } };
}
