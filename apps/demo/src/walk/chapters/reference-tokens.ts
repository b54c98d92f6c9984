import { demoApi, demoClients } from '../../demo-data.js';
import type { HttpRequest } from '../../http-client.js';
import { bearer, challengeOf } from '../api-request.js';
import { decodeToken } from '../decoded-token.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';
import { clientCredentials } from './program-tokens.js';

/** Opaque tokens: what they mean only the server knows. */
export async function useReferenceTokens(guide: Guide, server: Discovered, api: string): Promise<void> {
  const url = `${api}/token`;
  guide.chapter('9. Reference tokens', 'This client gets tokens in which nobody can read.');
  const token = await fetchToken(guide, server);
  guide.say('', 'The API asks the server about it, as in chapter 6, and keeps the answer for half a minute at most:');
  const answer = await guide.ask(bearer('GET', url, token));
  guide.expect('status', answer.status, 200);
  guide.expect('kind', memberOf(answer, 'kind'), 'reference');
  guide.expect('subject', memberOf(answer, 'subject'), demoClients.reference.clientId);
  guide.expect('scopes', memberOf(answer, 'scopes'), [demoApi.name]);

  guide.say('', 'Another one, which is given back before it is used:');
  const revoked = await fetchToken(guide, server);
  const gone = await guide.ask(revocationOf(server, revoked));
  guide.expect('status', gone.status, 200);
  const refused = await guide.ask(bearer('GET', url, revoked));
  guide.expect('status', refused.status, 401);
  guide.expect('the error of its challenge', challengeOf(refused, 'error'), 'invalid_token');
}

async function fetchToken(guide: Guide, server: Discovered): Promise<string> {
  const granted = await guide.ask(clientCredentials(server, demoClients.reference, demoApi.name));
  guide.expect('status', granted.status, 200);
  const token = guide.take(granted, 'access_token');
  guide.check('it is no JWT', decodeToken(token) === undefined);
  return token;
}

function revocationOf(server: Discovered, token: string): HttpRequest {
  const { clientId, secret } = demoClients.reference;
  return {
    method: 'POST',
    url: server.revocation,
    authorization: { scheme: 'Basic', name: clientId, secret },
    form: { token },
  };
}
