import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { GatewayApp, SocketIoGateway, SocketIoMembersGateway } from './gateways.spec.fixture.js';

describe('JwtGuard before the messages of a gateway of socket.io', () => {
  const api = new GatewayApp('socket.io', [SocketIoGateway, SocketIoMembersGateway]);
  const sockets: Socket[] = [];
  afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));

  type Handshake = { auth?: Record<string, unknown>; headers?: Record<string, string>; query?: Record<string, string> };
  const connect = ({ auth, headers, query }: Handshake = {}, namespace = '', own = true): Socket => {
    const socket = io(api.url + namespace, {
      auth,
      query,
      extraHeaders: headers,
      transports: ['websocket'],
      forceNew: own,
    });
    sockets.push(socket);
    return socket;
  };
  const send = (socket: Socket, event: string): Promise<unknown> =>
    new Promise((resolve) => {
      for (const answer of ['greeting', 'ordered', 'opened', 'told', 'exception']) {
        socket.off(answer).once(answer, (data: unknown) => resolve({ [answer]: data }));
      }
      socket.emit(event, 'hello');
    });

  it('finds the token where a browser can put it, and in the header of the handshake', async () => {
    expect(await send(connect({ auth: { token: api.issuer.token() } }), 'greet')).toEqual({ greeting: 'hello alice' });
    expect(await send(connect({ headers: api.issuer.headers() }), 'greet')).toEqual({ greeting: 'hello alice' });
  });

  it.each(['Bearer ', 'bearer ', 'BEARER  '])(
    'takes a token in auth also with the scheme before it: "%s"',
    async (scheme) => {
      const socket = connect({ auth: { token: scheme + api.issuer.token() } });
      expect(await send(socket, 'greet')).toEqual({ greeting: 'hello alice' });
    },
  );

  it('takes the header where both are there', async () => {
    const both = { headers: api.issuer.headers({ sub: 'bob' }), auth: { token: api.issuer.token() } };
    expect(await send(connect(both), 'greet')).toEqual({ greeting: 'hello bob' });
  });

  it.each<[string, () => Handshake]>([
    ['nothing', () => ({})],
    ['a list', () => ({ auth: { token: [api.issuer.token()] } })],
    ['headers in auth', () => ({ auth: { headers: api.issuer.headers() } })],
    ['a query', () => ({ query: { token: api.issuer.token(), access_token: api.issuer.token() } })],
  ])('takes %s for no token, and answers by the event exception', async (_, handshake) => {
    expect(await send(connect(handshake()), 'greet')).toEqual({
      exception: {
        status: 'error',
        message: 'An access token is needed, in the Authorization header.',
        code: 'token_missing',
        error_description: 'An access token is needed, in the Authorization header.',
      },
    });
  });

  it('asks each message for its own scopes, and opens public ones', async () => {
    const socket = connect({ auth: { token: api.issuer.token() } });
    expect(await send(socket, 'order')).toMatchObject({ exception: { error: 'insufficient_scope', scope: 'orders' } });
    expect(await send(socket, 'open')).toEqual({ opened: true });
    expect(await send(connect({ auth: { token: 'bad' } }), 'open')).toEqual({ opened: true });
  });

  it('looks at the token with each message: it expires on an open connection', async () => {
    const socket = connect({ auth: { token: api.issuer.token({}, { expiresIn: 60 }) } });
    expect(await send(socket, 'greet')).toEqual({ greeting: 'hello alice' });
    api.issuer.advance(120);
    expect(await send(socket, 'greet')).toMatchObject({ exception: { code: 'token_expired' } });
    api.issuer.advance(-120);
  });

  it('checks one proof of possession for the connection, in all of its namespaces', async () => {
    const headers = api.holder.headers('GET', `${api.url}/socket.io/`, api.holder.token());
    const socket = connect({ headers });
    expect(await send(socket, 'greet')).toEqual({ greeting: 'hello alice' });
    const members = socket.io.socket('/members');
    sockets.push(members);
    expect(await send(members, 'greet')).toEqual({ greeting: 'hello alice' });
    expect(await send(connect({ headers }), 'greet')).toMatchObject({ exception: { code: 'proof_replayed' } });
  });

  it('HandshakeAuthenticator says why and ends the connection of who brings no good token', async () => {
    const socket = connect({ auth: { token: 'bad' } }, '/members');
    const [[refusal], [reason]] = await Promise.all([
      once(socket as never, 'exception'),
      once(socket as never, 'disconnect'),
    ]);
    expect(refusal).toMatchObject({ error: 'invalid_token', code: 'token_malformed' });
    expect(reason).toBe('io server disconnect');
    expect(await send(connect({ auth: { token: api.issuer.token() } }, '/members'), 'greet')).toHaveProperty(
      'greeting',
    );
  });
});
