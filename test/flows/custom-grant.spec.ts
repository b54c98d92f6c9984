import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TokenServerModule } from '@tessera/token-server';
import { decodeJwt } from 'jose';
import { fencedBlocks } from '../fenced-blocks.js';
import { basic, type Requests, requestsTo } from '../requests.js';
import { AppModule } from './custom-grant/app.module.js';
import { type InMemoryLegacyTickets, LegacyTickets } from './custom-grant/legacy-tickets.js';

const grantType = 'urn:example:legacy-ticket';

test.each(['legacy-tickets.ts', 'ticket.grant.ts', 'app.module.ts'])('the guide shows %s as it is run here', (file) => {
  const shown = fencedBlocks('custom-grant.md').find(({ attributes }) => attributes.title === `src/${file}`);
  expect(shown?.text).toBe(readFileSync(new URL(`custom-grant/${file}`, import.meta.url), 'utf8'));
});

describe('the application of the guide', () => {
  let app: INestApplication;
  let requests: Requests;
  let portal: InMemoryLegacyTickets;

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, { logger: ['warn', 'error'], abortOnError: false });
    await app.listen(0, '127.0.0.1');
    requests = requestsTo(await app.getUrl(), fetch);
    portal = app.get(LegacyTickets, { strict: false });
  });

  afterAll(() => app.close());

  function redeem(ticket: string, more: Record<string, string> = {}, clientId = 'portal_link') {
    return requests.form('connect/token', { grant_type: grantType, ticket, ...more }, basic(clientId));
  }

  test('announces the grant in discovery', async () => {
    const { body } = await requests.send('.well-known/openid-configuration');
    expect(body.grant_types_supported).toEqual(['client_credentials', 'refresh_token', grantType]);
  });

  test('gives tokens of the person for a ticket', async () => {
    const { status, body } = await redeem(portal.issue('1', 1_700_000_000), { scope: 'openid api1' });
    expect(status).toBe(200);
    expect(decodeJwt(body.access_token)).toMatchObject({
      sub: '1',
      client_id: 'portal_link',
      aud: 'api1',
      scope: 'openid api1',
      auth_time: 1_700_000_000,
      came_from: 'portal',
    });
    expect(decodeJwt(body.id_token)).toMatchObject({ sub: '1', aud: 'portal_link', auth_time: 1_700_000_000 });
  });

  test('gives a refresh token that outlives the ticket', async () => {
    const { body } = await redeem(portal.issue('1'), { scope: 'openid offline_access' });
    const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token as string };
    const refreshed = await requests.form('connect/token', refresh, basic('portal_link'));
    expect(decodeJwt(refreshed.body.id_token)).toMatchObject({ sub: '1' });
  });

  test('takes a ticket once, also when it comes twenty times at once', async () => {
    const ticket = portal.issue('1');
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(ticket)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.error}`))).toEqual(
      new Set(['400 invalid_grant']),
    );
  });

  test('does not use up the ticket of a request that asks for a scope it cannot have', async () => {
    const ticket = portal.issue('1');
    expect((await redeem(ticket, { scope: 'email' })).body.error).toBe('invalid_scope');
    expect((await redeem(ticket)).status).toBe(200);
  });

  test('refuses a client that does not list the grant, without using up the ticket', async () => {
    const ticket = portal.issue('1');
    const refused = await redeem(ticket, {}, 'simple_client');
    expect([refused.status, refused.body.error]).toEqual([400, 'unauthorized_client']);
    expect((await redeem(ticket)).status).toBe(200);
  });

  test('refuses a ticket of somebody it does not know, an unknown ticket and none at all', async () => {
    expect((await redeem(portal.issue('nobody'))).body.error).toBe('invalid_grant');
    expect((await redeem('made up')).body.error).toBe('invalid_grant');
    expect((await redeem('')).body).toEqual({
      error: 'invalid_request',
      error_description: "Parameter 'ticket' is missing.",
    });
  });
});

test('a server whose clients list the grant does not start without it', async () => {
  const module = TokenServerModule.forRoot({
    issuer: 'http://localhost:3000',
    clients: [{ clientId: 'portal_link', allowedGrantTypes: [grantType], requireClientSecret: false }],
  });
  await expect(
    NestFactory.create(module, { logger: false, abortOnError: false }).then((app) => app.init()),
  ).rejects.toThrow(`clients[0].allowedGrantTypes: this server has no such grant`);
});
