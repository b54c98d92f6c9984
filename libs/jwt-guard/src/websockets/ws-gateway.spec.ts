import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import WebSocket from 'ws';
import { DeafPeer } from './deaf-peer.spec.fixture.js';
import { ForgetfulGateway, GatewayApp, LobbyGateway, MembersGateway } from './gateways.spec.fixture.js';

describe('JwtGuard before the messages of a gateway of the ws library', () => {
  const api = new GatewayApp('ws', [LobbyGateway, ForgetfulGateway, MembersGateway]);
  const connections: WebSocket[] = [];
  afterEach(() => connections.splice(0).forEach((connection) => connection.terminate()));

  const connect = async (
    path: string,
    headers: Record<string, string> = {},
    protocols: string[] = [],
  ): Promise<WebSocket> => {
    const connection = new WebSocket(api.url.replace('http', 'ws') + path, protocols, { headers });
    connections.push(connection);
    await once(connection, 'open');
    return connection;
  };
  const received = async (connection: WebSocket): Promise<unknown> => {
    const [message] = (await once(connection, 'message')) as [Buffer];
    return JSON.parse(message.toString());
  };
  const send = (connection: WebSocket, event: string, data: unknown = 'hello'): Promise<unknown> => {
    const answer = received(connection);
    connection.send(JSON.stringify({ event, data }));
    return answer;
  };
  const missing = {
    event: 'exception',
    data: {
      status: 'error',
      message: 'An access token is needed, in the Authorization header.',
      code: 'token_missing',
      error_description: 'An access token is needed, in the Authorization header.',
    },
  };

  it('lets a good token in that the handshake brought, and gives the handler its subject', async () => {
    const connection = await connect('/lobby', api.issuer.headers());
    expect(await send(connection, 'greet')).toEqual({ event: 'greeting', data: 'hello alice' });
    expect(await send(connection, 'greet', 'bye')).toEqual({ event: 'greeting', data: 'bye alice' });
  });

  it('answers without a token by the event exception, and leaves the connection open', async () => {
    const connection = await connect('/lobby');
    expect(await send(connection, 'greet')).toEqual(missing);
    expect(await send(connection, 'open')).toEqual({ event: 'opened', data: true });
  });

  it('asks each message for its own scopes', async () => {
    expect(await send(await connect('/lobby', api.issuer.headers()), 'order')).toMatchObject({
      event: 'exception',
      data: { error: 'insufficient_scope', scope: 'orders', code: 'scope_insufficient' },
    });
    const granted = await connect('/lobby', api.issuer.headers({ scopes: ['orders'] }));
    expect(await send(granted, 'order')).toEqual({ event: 'ordered', data: true });
  });

  it('looks at the token with each message: it expires on an open connection', async () => {
    const connection = await connect('/lobby', { authorization: `Bearer ${api.issuer.token({}, { expiresIn: 60 })}` });
    expect(await send(connection, 'greet')).toMatchObject({ event: 'greeting' });
    api.issuer.advance(120);
    expect(await send(connection, 'greet')).toMatchObject({ data: { error: 'invalid_token', code: 'token_expired' } });
    api.issuer.advance(-120);
  });

  it('gives a public handler nothing of what another one has verified on the connection', async () => {
    const connection = await connect('/lobby', api.issuer.headers());
    await send(connection, 'greet');
    expect(await send(connection, 'curious')).toMatchObject({ event: 'exception', data: { status: 'error' } });
  });

  it('never reads the query', async () => {
    const token = api.issuer.token();
    expect(await send(await connect(`/lobby?access_token=${token}`), 'greet')).toEqual(missing);
    const both = await connect(`/lobby?access_token=${token}`, api.issuer.headers());
    expect(await send(both, 'greet')).toMatchObject({ data: { error: 'invalid_request', code: 'request_malformed' } });
  });

  it('takes a token that the application found elsewhere, such as in a subprotocol', async () => {
    const protocol = `bearer.example.${Buffer.from(api.issuer.token()).toString('base64url')}`;
    const connection = await connect('/lobby', {}, ['chat', protocol]);
    expect(connection.protocol).toBe('chat');
    expect(await send(connection, 'greet')).toMatchObject({ event: 'greeting' });
  });

  it('refuses everything where nobody handed over the handshake', async () => {
    expect(await send(await connect('/forgetful', api.issuer.headers()), 'greet')).toEqual(missing);
  });

  it('checks the proof of possession of the handshake once, for all messages of the connection', async () => {
    const token = api.holder.token();
    const headers = api.holder.headers('GET', `${api.url}/lobby`, token);
    const connection = await connect('/lobby', headers);
    expect(await send(connection, 'greet')).toMatchObject({ event: 'greeting' });
    expect(await send(connection, 'greet')).toMatchObject({ event: 'greeting' });
    const stolen = await connect('/lobby', headers);
    expect(await send(stolen, 'greet')).toMatchObject({
      data: { error: 'invalid_dpop_proof', code: 'proof_replayed' },
    });
    expect(await send(stolen, 'greet')).toMatchObject({ data: { code: 'proof_replayed' } });
  });

  it('refuses a proof for another path, and a bound token without one', async () => {
    const token = api.holder.token();
    const other = await connect('/lobby', api.holder.headers('GET', `${api.url}/members`, token));
    expect(await send(other, 'greet')).toMatchObject({ data: { code: 'proof_invalid' } });
    const bearer = await connect('/lobby', { authorization: `Bearer ${token}` });
    expect(await send(bearer, 'greet')).toMatchObject({ data: { code: 'token_bound' } });
  });

  describe('HandshakeAuthenticator', () => {
    it('lets connections in that bring a good token, and checks their proof at once', async () => {
      const connection = await connect('/members', api.holder.headers('GET', `${api.url}/members`, api.holder.token()));
      // Any answer that followed the handshake shows that the proof was looked at before this message was sent.
      await send(connection, 'open');
      api.issuer.advance(300);
      expect(await send(connection, 'greet')).toMatchObject({ event: 'greeting' });
      api.issuer.advance(-300);
    });

    it('says why and ends the connection without one, and runs no handler before', async () => {
      const connection = new WebSocket(`${api.url.replace('http', 'ws')}/members`);
      connections.push(connection);
      const [[message], [code]] = await Promise.all([once(connection, 'message'), once(connection, 'close')]);
      expect(JSON.parse(String(message))).toEqual(missing);
      expect(code).toBe(1008);
    });

    const deafPeer = (headers?: Record<string, string>): DeafPeer => {
      const { port } = api.app.getHttpServer().address() as AddressInfo;
      const peer = new DeafPeer(port, '/members', headers);
      peer.send('open', 'with the upgrade');
      return peer;
    };

    it('a peer that does not answer the close frame reaches no handler after the refusal, and is cut off', async () => {
      const peer = deafPeer();
      await peer.sent('"token_missing"');
      peer.send('open', 'after the refusal');
      await once(peer.socket, 'close', { signal: AbortSignal.timeout(3000) });
      expect(api.app.get(MembersGateway).heard).not.toContain('with the upgrade');
      expect(api.app.get(MembersGateway).heard).not.toContain('after the refusal');
    });

    it('messages wait until the token and its proof were looked at', async () => {
      const headers = api.holder.headers('GET', `${api.url}/members`, api.holder.token());
      const admitted = deafPeer(headers);
      await admitted.sent('"opened"');
      const { heard } = api.app.get(MembersGateway);
      expect(heard.splice(0)).toContain('with the upgrade');
      const stolen = deafPeer(headers);
      await stolen.sent('"proof_replayed"');
      await once(stolen.socket, 'close', { signal: AbortSignal.timeout(3000) });
      expect(heard).toEqual([]);
      admitted.socket.destroy();
    });
  });
});
