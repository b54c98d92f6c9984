import { demoClients } from '../../demo-data.js';
import { type Guide, memberOf } from '../guide.js';
import type { Discovered } from './discovery.js';

/** RFC 8628, as far as it goes without a person. */
export async function beginDevice(guide: Guide, server: Discovered): Promise<void> {
  const { clientId } = demoClients.device;
  guide.chapter('11. A device', 'device_code: a TV shows a code, which somebody enters in a browser elsewhere.');
  const begun = await guide.ask({
    method: 'POST',
    url: server.deviceAuthorization,
    form: { client_id: clientId, scope: 'openid profile' },
  });
  guide.expect('status', begun.status, 200);
  guide.check('the code can be typed', /^[A-Z]{4}-[A-Z]{4}$/.test(guide.take(begun, 'user_code')));
  guide.check('the address is of this server', guide.take(begun, 'verification_uri').startsWith(server.issuer));
  guide.say('', 'The TV asks for its tokens again and again; nobody has entered the code yet:');
  const answer = await guide.ask({
    method: 'POST',
    url: server.token,
    form: {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: clientId,
      device_code: guide.take(begun, 'device_code'),
    },
  });
  guide.expect('status', answer.status, 400);
  guide.expect('error', memberOf(answer, 'error'), 'authorization_pending');
}
