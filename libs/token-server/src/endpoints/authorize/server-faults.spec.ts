import { describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import {
  AuthorizationCodeStore,
  ClientStore,
  InMemoryAuthorizationCodeStore,
  SessionStore,
  StoreUnavailableError,
} from '@tessera/resource-model';
import { client, issuer, run } from '../../running-server.spec.fixture.js';
import { Browser, challenge, PlainPagesModule, toClient } from '../../signed-in-browser.spec.fixture.js';

const request = {
  client_id: 'web',
  redirect_uri: 'https://app.example.com/callback',
  response_type: 'code',
  scope: 'openid',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

class FailingCodes extends InMemoryAuthorizationCodeStore {
  override async add(): Promise<void> {
    throw new Error('the disk is full');
  }
}

async function start(providers: object[] = []) {
  const said: string[] = [];
  const note = (...words: unknown[]) => void said.push(words.join(' '));
  const quiet = () => undefined;
  const logger: LoggerService = { log: quiet, warn: quiet, error: note, fatal: note };
  const web = { allowedGrantTypes: ['authorization_code'], redirectUris: [request.redirect_uri] };
  const clients = [client('web', { ...web, allowedScopes: ['openid'] })];
  const options = { clients, imports: [PlainPagesModule], providers: providers as never };
  return { server: await run(options, { logger }), said };
}

describe('A fault of the server at the authorize endpoint', () => {
  it('is told to the client, whose frame would show nobody a page (RFC 6749 §4.1.2.1: server_error)', async () => {
    const { server, said } = await start([{ provide: AuthorizationCodeStore, useClass: FailingCodes }]);
    const browser = new Browser(server);
    await browser.signIn('alice');
    expect(toClient(await browser.authorize(request))).toEqual({
      error: 'server_error',
      error_description: 'The server failed; its log says why.',
      iss: issuer,
      state: 'a state',
    });
    expect(said.join()).toContain('the disk is full');
    const sessions = server.app.get(SessionStore);
    sessions.find = () => Promise.reject(new Error('no database'));
    expect(toClient(await browser.authorize({ ...request, prompt: 'none' })).error).toBe('server_error');
  });

  it('is told as temporarily_unavailable where the stores do not answer, or on a page with Retry-After', async () => {
    const { server } = await start();
    const away = () => Promise.reject(new StoreUnavailableError('The database does not answer.'));
    const browser = new Browser(server);
    await browser.signIn('alice');
    server.app.get(SessionStore).find = away;
    expect(toClient(await browser.authorize(request))).toMatchObject({
      error: 'temporarily_unavailable',
      state: 'a state',
    });
    server.app.get(ClientStore).find = away;
    const page = await browser.authorize(request);
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '1']);
    const { status, headers, body } = await server.post(
      'connect/token',
      { grant_type: 'authorization_code' },
      { basic: 'web:secret' },
    );
    expect([status, headers.get('retry-after'), body.error]).toEqual([503, '1', 'temporarily_unavailable']);
  });

  it('is shown on a page before the client is known, and nothing leaks', async () => {
    const { server, said } = await start();
    server.app.get(ClientStore).find = () => Promise.reject(new Error('no database at 10.0.0.1'));
    const answer = await new Browser(server).authorize(request);
    expect([answer.status, answer.headers.get('location')]).toEqual([500, null]);
    expect(answer.body).toMatchObject({ code: 'server_error', description: 'The server failed; its log says why.' });
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.1');
    expect(said.join()).toContain('no database at 10.0.0.1');
  });
});
