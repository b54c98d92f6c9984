import { demoApi, demoClients, type DemoClient } from '../../demo-data.js';
import type { HttpRequest } from '../../http-client.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';

export interface ProgramTokens {
  readonly good: string;
  /** Lives one second. */
  readonly short: string;
}

/** RFC 6749 §4.4: a program asks for itself; no person is involved. */
export async function fetchProgramTokens(guide: Guide, server: Discovered): Promise<ProgramTokens> {
  const { simple, short } = demoClients;
  guide.chapter(
    '2. A token for a program',
    'client_credentials: the client shows who it is, and gets what is allowed to it.',
  );
  const answer = await guide.ask(clientCredentials(server, simple, demoApi.name));
  guide.expect('status', answer.status, 200);
  guide.expect('Cache-Control', answer.headers['cache-control'], 'no-store');
  guide.expect('token_type', memberOf(answer, 'token_type'), 'Bearer');
  guide.expect('expires_in', memberOf(answer, 'expires_in'), 3600);
  guide.expect('scope', memberOf(answer, 'scope'), demoApi.name);
  // RFC 6749 §4.4.3: a program can ask again at any time.
  guide.check('there is no refresh token', memberOf(answer, 'refresh_token') === undefined);
  const good = guide.take(answer, 'access_token');
  const { header, claims } = guide.open('access_token', good);
  guide.expect('typ (RFC 9068)', header.typ, 'at+jwt');
  guide.check('its key is one of the published ones', server.keyIds.includes(String(header.kid)));
  guide.expect('iss', claims.iss, server.issuer);
  guide.expect('aud', claims.aud, demoApi.name);
  guide.expect('sub', claims.sub, simple.clientId);
  guide.expect('client_id', claims.client_id, simple.clientId);
  guide.expect('scope', claims.scope, demoApi.name);

  guide.say('', 'And one that lives for a second only; chapter 7 comes back to it:');
  const brief = await guide.ask(clientCredentials(server, short, demoApi.name));
  guide.expect('status', brief.status, 200);
  guide.expect('expires_in', memberOf(brief, 'expires_in'), 1);
  return { good, short: guide.take(brief, 'access_token') };
}

/** The request for a token with the client's own rights. */
export function clientCredentials(server: Discovered, client: Required<DemoClient>, scope: string): HttpRequest {
  return {
    method: 'POST',
    url: server.token,
    authorization: { scheme: 'Basic', name: client.clientId, secret: client.secret },
    form: { grant_type: 'client_credentials', scope },
  };
}
