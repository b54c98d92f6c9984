import { demoApi, demoClients, demoUsers } from '../../demo-data.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';

export interface PersonTokens {
  readonly access: string;
  readonly refresh: string;
  readonly subject: string;
}

export const personScopes = ['openid', 'profile', demoApi.name, 'offline_access'];

/** RFC 6749 §4.3: an application hands over a person's name and password. */
export async function fetchPersonTokens(guide: Guide, server: Discovered): Promise<PersonTokens> {
  const { ropg } = demoClients;
  const { username, password } = demoUsers.alice;
  guide.chapter(
    '3. Tokens for a person',
    'password: three tokens, to call the API (access), to know who it is (id) and to go on later (refresh).',
    'Here the client sends its secret in the form; the server takes that as well.',
  );
  const answer = await guide.ask({
    method: 'POST',
    url: server.token,
    form: {
      grant_type: 'password',
      client_id: ropg.clientId,
      client_secret: ropg.secret,
      username,
      password,
      scope: personScopes.join(' '),
    },
  });
  guide.expect('status', answer.status, 200);
  guide.expect('scope, in any order', sortedWords(memberOf(answer, 'scope')), [...personScopes].sort());
  const access = guide.take(answer, 'access_token');
  const refresh = guide.take(answer, 'refresh_token');
  const accessToken = guide.open('access_token', access);
  guide.expect('typ', accessToken.header.typ, 'at+jwt');
  guide.expect('aud', accessToken.claims.aud, demoApi.name);
  guide.expect('client_id', accessToken.claims.client_id, ropg.clientId);
  const idToken = guide.open('id_token', guide.take(answer, 'id_token'));
  guide.expect('iss', idToken.claims.iss, server.issuer);
  guide.expect('aud is the client', idToken.claims.aud, ropg.clientId);
  guide.check('both are about the same person', idToken.claims.sub === accessToken.claims.sub);
  return { access, refresh, subject: String(accessToken.claims.sub) };
}

/** The order of scopes says nothing. */
export function sortedWords(value: unknown): unknown {
  return typeof value === 'string' ? value.split(' ').sort() : value;
}
