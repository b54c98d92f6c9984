import { setTimeout as delay } from 'node:timers/promises';
import { demoClients } from '../../demo-data.js';
import { bearer, challengeOf } from '../api-request.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';
import { clientCredentials, type ProgramTokens } from './program-tokens.js';

/** The guard lets a clock be five seconds off; a machine under load takes some more. */
const patience = 12_000;

/** What the guard lets in, and how it refuses the rest (RFC 6750 §3). */
export async function callApi(guide: Guide, server: Discovered, api: string, tokens: ProgramTokens): Promise<void> {
  const url = `${api}/orders`;
  guide.chapter('7. The API', 'It verifies tokens that are JWTs with the published keys, and asks nobody.');
  await readMetadata(guide, server, api);
  await withGoodToken(guide, url, tokens.good);
  await withoutToken(guide, api, url);
  await withExpiredToken(guide, url, tokens.short);
  await withWrongScope(guide, server, url);
}

/** RFC 9728. */
async function readMetadata(guide: Guide, server: Discovered, api: string): Promise<void> {
  guide.say('', 'What a client has to know, which has never heard of it:');
  const answer = await guide.ask({ method: 'GET', url: metadataOf(api) });
  guide.expect('status', answer.status, 200);
  guide.expect('resource', memberOf(answer, 'resource'), api);
  guide.expect('who issues tokens for it', memberOf(answer, 'authorization_servers'), [server.issuer]);
  const algorithms = memberOf(answer, 'dpop_signing_alg_values_supported');
  guide.check('it takes tokens that are bound to a key as well (DPoP)', Array.isArray(algorithms));
}

async function withGoodToken(guide: Guide, url: string, token: string): Promise<void> {
  guide.say('', 'With a good token: create an order, and list them.');
  const order = { product: 'Tea', quantity: 2 };
  const created = await guide.ask({ ...bearer('POST', url, token), json: order });
  guide.expect('status', created.status, 201);
  guide.expect('createdBy is the sub of the token', memberOf(created, 'createdBy'), demoClients.simple.clientId);
  const id = guide.take(created, 'id');
  const listed = await guide.ask(bearer('GET', url, token));
  guide.expect('status', listed.status, 200);
  const orders = Array.isArray(listed.body) ? (listed.body as { id?: unknown }[]) : [];
  guide.check(
    'the new order is in the list',
    orders.some((found) => found.id === id),
  );
}

async function withoutToken(guide: Guide, api: string, url: string): Promise<void> {
  guide.say('', 'Without a token:');
  const answer = await guide.ask({ method: 'GET', url });
  guide.expect('status', answer.status, 401);
  guide.check(
    'the challenge asks for a Bearer token',
    answer.headers['www-authenticate']?.startsWith('Bearer') === true,
  );
  // RFC 6750 §3.1: who sent no token made no error.
  guide.check('the challenge names no error', challengeOf(answer, 'error') === undefined);
  guide.expect('the metadata that it names', challengeOf(answer, 'resource_metadata'), metadataOf(api));
}

async function withExpiredToken(guide: Guide, url: string, token: string): Promise<void> {
  guide.say(
    '',
    'With an expired token, the short one of chapter 2. The API lets clocks differ by five seconds: waiting …',
  );
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && (await guide.askQuietly(bearer('GET', url, token))).status === 200) await delay(250);
  const answer = await guide.ask(bearer('GET', url, token));
  guide.expect('status', answer.status, 401);
  guide.expect('the error of its challenge', challengeOf(answer, 'error'), 'invalid_token');
}

async function withWrongScope(guide: Guide, server: Discovered, url: string): Promise<void> {
  const scope = 'orders.read';
  guide.say('', `With a token for too little: this client may have the scope ${scope} alone. It lists its orders …`);
  const granted = await guide.ask(clientCredentials(server, demoClients.reader, scope));
  guide.expect('status', granted.status, 200);
  guide.expect('scope', memberOf(granted, 'scope'), scope);
  const token = guide.take(granted, 'access_token');
  const listed = await guide.ask(bearer('GET', url, token));
  guide.expect('status', listed.status, 200);
  guide.say('', '… and can place none:');
  const answer = await guide.ask({ ...bearer('POST', url, token), json: { product: 'Tea', quantity: 2 } });
  guide.expect('status', answer.status, 403);
  guide.expect('the error of its challenge', challengeOf(answer, 'error'), 'insufficient_scope');
  guide.expect('the scopes of which one would do', challengeOf(answer, 'scope'), 'orders.write api1');
}

function metadataOf(api: string): string {
  return `${api}/.well-known/oauth-protected-resource`;
}
