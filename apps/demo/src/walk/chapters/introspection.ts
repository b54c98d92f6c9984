import { demoApi, demoClients } from '../../demo-data.js';
import type { HttpRequest } from '../../http-client.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';
import type { PersonTokens } from './person-tokens.js';

/** RFC 7662. */
export async function introspect(guide: Guide, server: Discovered, person: PersonTokens): Promise<void> {
  guide.chapter(
    '6. Introspection',
    'The API asks the server what a token means. It is known by its own name and secret.',
  );
  const answer = await guide.ask(introspectionRequest(server, person.access));
  guide.expect('status', answer.status, 200);
  guide.expect('active', memberOf(answer, 'active'), true);
  guide.expect('iss', memberOf(answer, 'iss'), server.issuer);
  guide.expect('aud', memberOf(answer, 'aud'), demoApi.name);
  guide.expect('client_id', memberOf(answer, 'client_id'), demoClients.ropg.clientId);
  guide.check('sub is the person', memberOf(answer, 'sub') === person.subject);
  const scope = memberOf(answer, 'scope');
  guide.check(`scope has ${demoApi.name}`, typeof scope === 'string' && scope.split(' ').includes(demoApi.name));
}

export function introspectionRequest(server: Discovered, token: string): HttpRequest {
  return {
    method: 'POST',
    url: server.introspection,
    authorization: { scheme: 'Basic', name: demoApi.name, secret: demoApi.secret },
    form: { token, token_type_hint: 'access_token' },
  };
}
