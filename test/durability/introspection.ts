import { basic, type Requests } from '../requests.js';

/** What an API learns of a token (RFC 7662). @throws UnknownOutcome */
export async function isActive(service: Requests, token: string): Promise<boolean> {
  const { status, body } = await service.form('connect/introspect', { token }, basic('api1'));
  if (status !== 200) throw new Error(`Introspection answered ${status}: ${JSON.stringify(body)}`);
  return (body as { active: boolean }).active;
}
