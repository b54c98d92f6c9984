import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { GraphqlApp, type Platform } from './graphql-app.spec.fixture.js';

describe.each<Platform>(['Express', 'Fastify'])(
  'JwtGuard before resolvers of GraphQL, with Apollo on %s',
  (platform) => {
    const api = new GraphqlApp(platform);

    it('lets a good token in and gives the resolver its subject', async () => {
      expect(await api.query('{ subject }', api.issuer.headers())).toMatchObject({ data: { subject: 'alice' } });
    });

    it('answers without a token as GraphQL does, with the challenge in the answer that carries the errors', async () => {
      const { data, errors, challenge } = await api.query('{ subject }');
      expect(data).toBeNull();
      expect(challenge).toBe('Bearer realm="api1", DPoP realm="api1", algs="ES256 ES384 ES512 EdDSA PS256 RS256"');
      expect(errors).toHaveLength(1);
      expect(errors![0]!.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'token_missing', status: 401 });
    });

    it('says what is wrong with a token, without echoing it', async () => {
      const token = api.issuer.token({}, { expiresIn: -60 });
      const answer = await api.query('{ subject }', { authorization: `Bearer ${token}` });
      expect(answer.errors![0]).toMatchObject({
        message: 'The token has expired.',
        extensions: { code: 'UNAUTHENTICATED', reason: 'token_expired', error: 'invalid_token', status: 401 },
      });
      expect(answer.challenge).toContain('error="invalid_token"');
      expect(JSON.stringify(answer)).not.toContain(token);
    });

    it('asks each resolver for its own scopes', async () => {
      const refused = await api.query('{ orders }', api.issuer.headers());
      expect(refused.errors![0]!.extensions).toMatchObject({
        code: 'FORBIDDEN',
        error: 'insufficient_scope',
        scope: 'orders',
      });
      expect(refused.challenge).toContain('scope="orders"');
      const granted = await api.query('{ orders }', api.issuer.headers({ scopes: ['orders'] }));
      expect(granted.data).toEqual({ orders: 'some' });
    });

    it('asks for another sign-in in words that a client can act upon (RFC 9470 §3)', async () => {
      const { errors } = await api.query('{ fresh }', api.issuer.headers({ auth_time: api.issuer.now - 120 }));
      expect(errors![0]!.extensions).toMatchObject({ error: 'insufficient_user_authentication', max_age: 60 });
    });

    it('opens a public resolver, also to a bad token, and gives it no claims', async () => {
      expect((await api.query('{ open }')).data).toEqual({ open: 'to all' });
      expect((await api.query('{ open }', { authorization: 'Bearer bad' })).data).toEqual({ open: 'to all' });
      expect((await api.query('{ curious }', api.issuer.headers())).errors![0]!.message).toContain(
        'no token was verified',
      );
    });

    it('guards the fields of each object by themselves', async () => {
      const things = '{ things { id owner } }';
      expect((await api.query(things, api.issuer.headers())).errors!.length).toBeGreaterThan(0);
      const granted = await api.query(things, api.issuer.headers({ scopes: ['owners'] }));
      expect(granted.data).toEqual({ things: [1, 2].map((id) => ({ id, owner: 'alice' })) });
    });

    it('takes one DPoP proof for a whole query, whose resolvers all ask for it', async () => {
      const token = api.holder.token({ scopes: ['owners'] });
      const headers = api.holder.headers('POST', api.url, token);
      const answer = await api.query('{ subject twice other: subject things { owner } }', headers);
      expect(answer.errors).toBeUndefined();
      expect(answer.data).toMatchObject({ subject: 'alice', twice: 'alice', other: 'alice' });
    });

    it('refuses the same proof in a second query, in each of its resolvers', async () => {
      const headers = api.holder.headers('POST', api.url, api.holder.token());
      expect((await api.query('{ subject }', headers)).errors).toBeUndefined();
      const again = await api.query('{ subject }', headers);
      expect(again.errors![0]!.extensions).toMatchObject({ reason: 'proof_replayed' });
      expect((await api.query('{ a: subject b: twice }', headers)).data).toBeNull();
    });

    describe('over a connection of graphql-ws', () => {
      const subscribe = async (
        connectionParams?: Record<string, unknown>,
        headers?: Record<string, string>,
      ): Promise<unknown> => {
        class Client extends WebSocket {
          constructor(address: string, protocols: string[]) {
            super(address, protocols, { headers });
          }
        }
        const client = createClient({
          url: api.url.replace('http', 'ws'),
          webSocketImpl: Client,
          connectionParams,
          retryAttempts: 0,
        });
        try {
          for await (const result of client.iterate({ query: 'subscription { greetings }' })) return result;
          return undefined;
        } finally {
          await client.dispose();
        }
      };

      it('finds the token in the parameters of the connection, or in the upgrade request', async () => {
        const headers = api.issuer.headers();
        const greeted = { data: { greetings: 'hello alice' } };
        expect(await subscribe(headers)).toEqual(greeted);
        expect(await subscribe({ Authorization: headers.authorization })).toEqual(greeted);
        expect(await subscribe(undefined, headers)).toEqual(greeted);
      });

      it('checks the proof of possession of the upgrade', async () => {
        const token = api.holder.token();
        expect(await subscribe(undefined, api.holder.headers('GET', api.url, token))).toMatchObject({ data: {} });
        const replayed = api.holder.headers('GET', api.url, token);
        await subscribe(undefined, replayed);
        expect(await subscribe(undefined, replayed)).toMatchObject({
          errors: [{ extensions: { reason: 'proof_replayed' } }],
        });
      });

      it('refuses without a token, and takes nothing else from the parameters', async () => {
        const headers = api.issuer.headers();
        for (const parameters of [
          undefined,
          { headers },
          { extra: { request: { headers } } },
          { authorization: [headers.authorization] },
        ]) {
          expect(await subscribe(parameters)).toMatchObject({
            errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'token_missing' } }],
          });
        }
      });
    });
  },
);
