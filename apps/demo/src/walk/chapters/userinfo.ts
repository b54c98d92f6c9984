import { demoUsers } from '../../demo-data.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';
import type { PersonTokens } from './person-tokens.js';

/** OpenID Connect Core §5.3. */
export async function readUserinfo(guide: Guide, server: Discovered, person: PersonTokens): Promise<void> {
  guide.chapter('4. Userinfo', 'What the scope profile opens up about the person.');
  const answer = await guide.ask({
    method: 'GET',
    url: server.userinfo,
    authorization: { scheme: 'Bearer', token: person.access },
  });
  guide.expect('status', answer.status, 200);
  guide.check('sub is that of the tokens', memberOf(answer, 'sub') === person.subject);
  guide.expect('name', memberOf(answer, 'name'), demoUsers.alice.name);
}
