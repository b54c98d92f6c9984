import { demoClients } from '../../demo-data.js';
import type { HttpRequest } from '../../http-client.js';
import type { Guide } from '../guide.js';
import type { Discovered } from './discovery.js';
import type { PersonTokens } from './person-tokens.js';

/** RFC 6749 §6, RFC 9700 §4.14.2. */
export async function refreshTokens(guide: Guide, server: Discovered, person: PersonTokens): Promise<PersonTokens> {
  guide.chapter(
    '5. Refresh',
    'New tokens without a password. A refresh token is good for one use, and brings its successor.',
  );
  const request = refreshRequest(server, person.refresh);
  const answer = await guide.ask(request);
  guide.expect('status', answer.status, 200);
  const access = guide.take(answer, 'access_token');
  const refresh = guide.take(answer, 'refresh_token');
  guide.check('the access token is a new one', access !== person.access);
  guide.check('the refresh token is a new one', refresh !== person.refresh);

  guide.say('', 'An answer can get lost on its way. The same request again, within the grace of a few seconds:');
  const again = await guide.ask(request);
  guide.expect('status', again.status, 200);
  guide.check('the answer is the very same', again.text === answer.text);
  return { ...person, access, refresh };
}

export function refreshRequest(server: Discovered, refreshToken: string): HttpRequest {
  const { clientId, secret } = demoClients.ropg;
  return {
    method: 'POST',
    url: server.token,
    authorization: { scheme: 'Basic', name: clientId, secret },
    form: { grant_type: 'refresh_token', refresh_token: refreshToken },
  };
}
