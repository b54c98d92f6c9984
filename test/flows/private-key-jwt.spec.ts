import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { ClientInit } from '@tessera/token-server';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { type RunningServer, seed, startServer } from '../running-server.js';

const secret = 'a secret of 64 characters, which is what HS512 asks for: -------';

async function keyOf(alg: string, kid: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { key: privateKey, kid, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } as JWK };
}

const client = (clientId: string, difference: Partial<ClientInit>): ClientInit => ({
  clientId,
  allowedGrantTypes: ['client_credentials'],
  allowedScopes: ['api1'],
  ...difference,
});

describe('Clients that sign assertions instead of showing a secret', () => {
  let server: RunningServer;
  let publisher: Server;
  let keys: Record<'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'rotated', Awaited<ReturnType<typeof keyOf>>>;
  let published: JWK[];

  beforeAll(async () => {
    const [RS256, PS256, ES256, EdDSA, rotated] = await Promise.all([
      keyOf('RS256', 'rsa'),
      keyOf('PS256', 'pss'),
      keyOf('ES256', 'ec'),
      keyOf('EdDSA', 'ed'),
      keyOf('ES256', 'rotated'),
    ]);
    keys = { RS256, PS256, ES256, EdDSA, rotated };
    published = [ES256.jwk];
    publisher = createServer((_request, response) => response.end(JSON.stringify({ keys: published })));
    await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
    const jwksUri = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/keys`;
    const own = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
    server = await startServer({
      tls: true,
      options: {
        outgoing: { allowPrivateAddresses: true, allowHttp: true },
        clients: [
          ...seed.clients,
          ...own.map((alg) =>
            client(alg, {
              tokenEndpointAuthMethod: 'private_key_jwt',
              jwks: { keys: [keys[alg].jwk as Record<string, unknown>] },
            }),
          ),
          client('publishing', { tokenEndpointAuthMethod: 'private_key_jwt', jwksUri }),
          client('sharing', { tokenEndpointAuthMethod: 'client_secret_jwt', assertionSecret: secret }),
        ],
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await new Promise((resolve) => publisher.close(resolve));
  });

  describe('through openid-client', () => {
    const configure = (id: string, authentication: openid.ClientAuth) =>
      openid.discovery(new URL(server.url), id, undefined, authentication, { [openid.customFetch]: server.fetch });

    test.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('get, ask about and revoke a token: %s', async (alg) => {
      const { key, kid } = keys[alg];
      const configuration = await configure(alg, openid.PrivateKeyJwt({ key: key, kid }));
      const { access_token } = await openid.clientCredentialsGrant(configuration, { scope: 'api1' });
      const asked = await openid.tokenIntrospection(configuration, access_token);
      expect(asked).toMatchObject({ active: true, client_id: alg, aud: 'api1' });
      await openid.tokenRevocation(configuration, access_token);
      expect(await openid.tokenIntrospection(configuration, access_token)).toEqual({ active: false });
    });

    it('with a secret that is never sent', async () => {
      const configuration = await configure('sharing', openid.ClientSecretJwt(secret));
      const tokens = await openid.clientCredentialsGrant(configuration, { scope: 'api1' });
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'api1' });
    });

    it('are known by what the server says of itself', async () => {
      const { key } = keys.ES256;
      const metadata = (await configure('ES256', openid.PrivateKeyJwt(key))).serverMetadata();
      for (const endpoint of ['token', 'revocation', 'introspection'] as const) {
        expect(metadata[`${endpoint}_endpoint_auth_methods_supported`]).toEqual(
          expect.arrayContaining(['private_key_jwt', 'client_secret_jwt']),
        );
        expect(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`]).toEqual(
          expect.arrayContaining(['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']),
        );
      }
    });
  });

  describe('through oauth4webapi', () => {
    let as: oauth.AuthorizationServer;
    let options: { [oauth.customFetch]: typeof fetch };
    beforeAll(async () => {
      options = { [oauth.customFetch]: server.fetch };
      const issuer = new URL(server.url);
      as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    });

    const tokenFor = async (client_id: string, authentication: oauth.ClientAuth) => {
      const form = new URLSearchParams({ scope: 'api1' });
      const response = await oauth.clientCredentialsGrantRequest(as, { client_id }, authentication, form, options);
      return oauth.processClientCredentialsResponse(as, { client_id }, response);
    };
    const signedBy = ({ key, kid }: { key: unknown; kid: string }, more?: oauth.ModifyAssertionOptions) =>
      oauth.PrivateKeyJwt({ key: key as oauth.CryptoKey, kid }, more);

    test.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('get a token: %s', async (alg) => {
      expect(await tokenFor(alg, signedBy(keys[alg]))).toMatchObject({ token_type: 'bearer', scope: 'api1' });
    });

    it('may say what kind of JWT it is, as RFC 10070 asks', async () => {
      const typed: oauth.ModifyAssertionOptions = {
        [oauth.modifyAssertion]: (header) => void (header.typ = 'client-authentication+jwt'),
      };
      expect(await tokenFor('ES256', signedBy(keys.ES256, typed))).toMatchObject({ scope: 'api1' });
    });

    it('with a secret that is never sent', async () => {
      expect(await tokenFor('sharing', oauth.ClientSecretJwt(secret))).toMatchObject({ scope: 'api1' });
    });

    it('with keys that the client publishes, and a key that it adds later', async () => {
      expect(await tokenFor('publishing', signedBy(keys.ES256))).toMatchObject({ scope: 'api1' });
      published = [keys.ES256.jwk, keys.rotated.jwk];
      expect(await tokenFor('publishing', signedBy(keys.rotated))).toMatchObject({ scope: 'api1' });
    });

    it('are refused with the key of another', async () => {
      await expect(tokenFor('RS256', signedBy(keys.ES256))).rejects.toMatchObject({ status: 401 });
    });
  });
});
