import { once } from 'node:events';
import { createServer } from 'node:http';

/** The issuer that all guards get their keys from: discovery and key set, on this machine. */
export class Issuer {
  /** @param keys `kid`, `algorithm`, `publicJwk` of each */
  static async start(keys) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new Issuer(server);
    const documents = {
      '/.well-known/openid-configuration': issuer.metadata(keys),
      '/.well-known/jwks.json': {
        keys: keys.map(({ kid, algorithm, publicJwk }) => ({ ...publicJwk, kid, alg: algorithm, use: 'sig' })),
      },
    };
    server.on('request', (request, response) => {
      const document = documents[request.url];
      issuer.fetches++;
      response.writeHead(document ? 200 : 404, {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=3600',
      });
      response.end(JSON.stringify(document ?? {}));
    });
    return issuer;
  }

  constructor(server) {
    this.server = server;
    this.url = `http://127.0.0.1:${server.address().port}`;
    this.jwksUri = `${this.url}/.well-known/jwks.json`;
    /** Whoever gets its keys once and keeps them asks for two documents. */
    this.fetches = 0;
  }

  metadata(keys) {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/connect/authorize`,
      token_endpoint: `${this.url}/connect/token`,
      jwks_uri: this.jwksUri,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: keys.map(({ algorithm }) => algorithm),
    };
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
