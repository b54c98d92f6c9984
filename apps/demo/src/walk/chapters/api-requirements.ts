import { demoApi, demoClients, demoUsers } from '../../demo-data.js';
import { bearer, challengeOf } from '../api-request.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';

/** Access tokens that are good, and of different people: a program, and Alice. */
export interface CallersTokens {
  readonly program: string;
  readonly person: string;
}

/** What a route can ask for beside scopes. */
export async function askForMore(guide: Guide, server: Discovered, api: string, tokens: CallersTokens): Promise<void> {
  guide.chapter(
    '8. What else the API asks for',
    'A scope says what a client may do. Some of it takes a certain person.',
  );
  await withRole(guide, server, `${api}/orders/all`, tokens.person);
  await withRecentSignIn(guide, `${api}/orders`, tokens);
}

async function withRole(guide: Guide, server: Discovered, url: string, tokenOfAlice: string): Promise<void> {
  guide.say('', `The orders of everybody are for those with the role admin, and Alice is none of them:`);
  const refused = await guide.ask(bearer('GET', url, tokenOfAlice));
  guide.expect('status', refused.status, 403);
  guide.expect('error', memberOf(refused, 'error'), 'access_denied');
  // A client can ask for scopes; it cannot ask for rights of the person.
  guide.check('there is no challenge: another token would not help', refused.headers['www-authenticate'] === undefined);

  guide.say('', 'Bob is. The server writes the role into his tokens for this API (userClaims in sts.yaml).');
  const { username, password } = demoUsers.bob;
  const granted = await guide.ask({
    method: 'POST',
    url: server.token,
    authorization: { scheme: 'Basic', name: demoClients.ropg.clientId, secret: demoClients.ropg.secret },
    form: { grant_type: 'password', username, password, scope: demoApi.name },
  });
  guide.expect('status', granted.status, 200);
  const token = guide.take(granted, 'access_token');
  guide.expect('roles', guide.open('access_token', token).claims.roles, ['admin']);
  const listed = await guide.ask(bearer('GET', url, token));
  guide.expect('status', listed.status, 200);
}

/** RFC 9470. */
async function withRecentSignIn(guide: Guide, url: string, { program, person }: CallersTokens): Promise<void> {
  guide.say(
    '',
    'To cancel an order takes somebody who has signed in within the last five minutes. A program never has:',
  );
  const refused = await guide.ask(bearer('DELETE', `${url}/any`, program));
  guide.expect('status', refused.status, 401);
  guide.expect('the error of its challenge', challengeOf(refused, 'error'), 'insufficient_user_authentication');
  guide.expect('how many seconds ago it may be', challengeOf(refused, 'max_age'), '300');

  guide.say('', 'Alice has (auth_time). She orders, and cancels it:');
  const created = await guide.ask({ ...bearer('POST', url, person), json: { product: 'Coffee', quantity: 1 } });
  guide.expect('status', created.status, 201);
  const cancelled = await guide.ask(bearer('DELETE', `${url}/${guide.take(created, 'id')}`, person));
  guide.expect('status', cancelled.status, 204);
}
