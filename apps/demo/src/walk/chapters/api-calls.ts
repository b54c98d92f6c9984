import { setTimeout as delay } from 'node:timers/promises';
import { demoApi, demoClients } from '../../demo-data.js';
import type { HttpAnswer, HttpRequest } from '../../http-client.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';
import { clientCredentials, type ProgramTokens } from './program-tokens.js';

/** The guard lets a clock be five seconds off; a machine under load takes some more. */
const patience = 12_000;

/** What the guard lets in, and how it refuses the rest (RFC 6750 §3). */
export async function callApi(guide: Guide, server: Discovered, api: string, tokens: ProgramTokens): Promise<void> {
  const url = `${api}/orders`;
  guide.chapter('7. The API', 'It verifies tokens with the published keys and asks nobody.');
  await withGoodToken(guide, url, tokens.good);
  await withoutToken(guide, url);
  await withExpiredToken(guide, url, tokens.short);
  await withWrongScope(guide, server, url);
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

async function withoutToken(guide: Guide, url: string): Promise<void> {
  guide.say('', 'Without a token:');
  const answer = await guide.ask({ method: 'GET', url });
  guide.expect('status', answer.status, 401);
  guide.check('the challenge asks for a Bearer token', challengeOf(answer).startsWith('Bearer'));
  // RFC 6750 §3.1: who sent no token made no error.
  guide.check('the challenge names no error', errorOf(answer) === undefined);
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
  guide.expect('the error of its challenge', errorOf(answer), 'invalid_token');
}

async function withWrongScope(guide: Guide, server: Discovered, url: string): Promise<void> {
  const scope = 'api1.status';
  guide.say(
    '',
    `With a token for too little: this client may have the scope ${scope} alone, and /orders needs ${demoApi.name}.`,
  );
  const granted = await guide.ask(clientCredentials(server, demoClients.status, scope));
  guide.expect('status', granted.status, 200);
  guide.expect('scope', memberOf(granted, 'scope'), scope);
  const answer = await guide.ask(bearer('GET', url, guide.take(granted, 'access_token')));
  guide.expect('status', answer.status, 403);
  guide.expect('the error of its challenge', errorOf(answer), 'insufficient_scope');
  guide.expect('the scope that it asks for', parameterOf(answer, 'scope'), demoApi.name);
}

function bearer(method: HttpRequest['method'], url: string, token: string): HttpRequest {
  return { method, url, authorization: { scheme: 'Bearer', token } };
}

function challengeOf({ headers }: HttpAnswer): string {
  return headers['www-authenticate'] ?? '';
}

function errorOf(answer: HttpAnswer): string | undefined {
  return parameterOf(answer, 'error');
}

function parameterOf(answer: HttpAnswer, name: string): string | undefined {
  return new RegExp(String.raw`[ ,]${name}="([^"]*)"`).exec(challengeOf(answer))?.[1];
}
