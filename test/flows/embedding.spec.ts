import { expect, test } from '@jest/globals';
import { basic, startServer } from '../running-server.js';

test.each(['fastify', 'express'] as const)(
  'an application on %s with a global prefix serves an issuer that ends in it',
  async (adapter) => {
    const issuer = 'https://login.example.com/id';
    const server = await startServer({
      adapter,
      options: { issuer },
      prepare: (app) => app.setGlobalPrefix('id'),
    });
    try {
      const { body } = await server.send('id/.well-known/openid-configuration');
      expect(body).toMatchObject({ issuer, token_endpoint: `${issuer}/connect/token` });
      const tokens = await server.form(
        'id/connect/token',
        { grant_type: 'client_credentials' },
        basic('simple_client'),
      );
      expect(tokens.status).toBe(200);
    } finally {
      await server.close();
    }
  },
);
