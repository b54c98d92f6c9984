import { demoClients } from '../../demo-data.js';
import type { HttpRequest } from '../../http-client.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';
import { introspectionRequest } from './introspection.js';
import type { PersonTokens } from './person-tokens.js';
import { refreshRequest } from './refresh.js';

/** RFC 7009. */
export async function revokeTokens(guide: Guide, server: Discovered, person: PersonTokens): Promise<void> {
  guide.chapter('10. Revocation', 'The client gives back what it no longer needs: the access token …');
  const accessGone = await guide.ask(revocationRequest(server, person.access, 'access_token'));
  guide.expect('status', accessGone.status, 200);
  guide.say('', 'Introspection knows it no more, and says nothing else about it:');
  const meaning = await guide.ask(introspectionRequest(server, person.access));
  guide.expect('status', meaning.status, 200);
  guide.expect('the answer', meaning.body, { active: false });

  guide.say('', '… and the refresh token, with everything that would have come from it:');
  const refreshGone = await guide.ask(revocationRequest(server, person.refresh, 'refresh_token'));
  guide.expect('status', refreshGone.status, 200);
  const refused = await guide.ask(refreshRequest(server, person.refresh));
  guide.expect('status', refused.status, 400);
  guide.expect('error', memberOf(refused, 'error'), 'invalid_grant');
}

function revocationRequest(server: Discovered, token: string, hint: string): HttpRequest {
  const { clientId, secret } = demoClients.ropg;
  return {
    method: 'POST',
    url: server.revocation,
    authorization: { scheme: 'Basic', name: clientId, secret },
    form: { token, token_type_hint: hint },
  };
}
