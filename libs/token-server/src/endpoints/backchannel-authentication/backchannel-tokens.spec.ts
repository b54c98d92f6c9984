import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuthenticationLevel } from '@tessera/resource-model';
import { adapters, claimsOf } from '../../running-server.spec.fixture.js';
import { GrantedAccess } from '../../tokens/granted-access.js';
import { asker, AskingServer } from './backchannel.spec.fixture.js';

const told = {
  backchannelTokenDeliveryMode: 'ping',
  backchannelClientNotificationEndpoint: 'https://client.invalid/told',
} as const;
const clients = [asker('bank'), asker('shop'), asker('told', told)];

describe.each(adapters)('A client that comes for the answer of a person, on %s', (adapter) => {
  let asking: AskingServer;
  beforeAll(async () => {
    asking = await AskingServer.start({ clients }, adapter);
  });
  beforeEach(() => asking.server.clock.advance(300));

  const begin = async (form: Record<string, string> = {}, id?: string) =>
    (await asking.begin(form, id)).body.auth_req_id as string;
  const refusal = async (authReqId: string, id?: string) => {
    const { status, body } = await asking.poll(authReqId, id);
    return [status, body.error];
  };

  it('CIBA §10.1.1: gets tokens for what the person agreed to and for what is required', async () => {
    const authReqId = await begin({ scope: 'openid profile api1' });
    expect(await refusal(authReqId)).toEqual([400, 'authorization_pending']);
    expect(await asking.answer(['api1'])).toBe(true);
    asking.server.clock.advance(5);
    const { status, headers, body } = await asking.poll(authReqId);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid api1', expires_in: 3600 });
    expect(claimsOf(body.access_token as string)).toMatchObject({
      sub: 'subject-of-alice',
      aud: 'api1',
      client_id: 'bank',
    });
  });

  it('CIBA §10.1.1: the id_token tells of the sign-in with which the person answered', async () => {
    const authReqId = await begin();
    await asking.answer(['openid']);
    const { body } = await asking.poll(authReqId);
    expect(claimsOf(body.id_token as string)).toMatchObject({
      sub: 'subject-of-alice', aud: 'bank', amr: ['pwd'], auth_time: asking.server.clock.now(), sid: expect.any(String),
    }); // prettier-ignore
  });

  it('CIBA §10.1: the id counts once', async () => {
    const authReqId = await begin();
    await asking.answer(['openid']);
    expect((await asking.poll(authReqId)).status).toBe(200);
    expect(await refusal(authReqId)).toEqual([400, 'invalid_grant']);
  });

  it('CIBA §10.1: the grant type needs the id', async () => {
    expect(await refusal('')).toEqual([400, 'invalid_request']);
  });

  it('CIBA §11: authorization_pending until the person answers', async () => {
    expect(await refusal(await begin())).toEqual([400, 'authorization_pending']);
  });

  it('CIBA §11: slow_down for who asks before the interval is over, and the interval grows by five seconds', async () => {
    const authReqId = await begin();
    await asking.poll(authReqId);
    asking.server.clock.advance(4);
    expect(await refusal(authReqId)).toEqual([400, 'slow_down']);
    asking.server.clock.advance(9);
    expect(await refusal(authReqId)).toEqual([400, 'slow_down']);
    asking.server.clock.advance(15);
    expect(await refusal(authReqId)).toEqual([400, 'authorization_pending']);
  });

  it('CIBA §11: expired_token once the time is over, answered or not', async () => {
    const unanswered = await begin();
    const answered = await begin();
    await asking.answer(['openid']);
    asking.server.clock.advance(300);
    expect(await refusal(unanswered)).toEqual([400, 'expired_token']);
    expect(await refusal(answered)).toEqual([400, 'expired_token']);
  });

  it('CIBA §11: access_denied where the person refused, and the id is gone', async () => {
    const authReqId = await begin();
    await asking.answer(undefined);
    expect(await refusal(authReqId)).toEqual([400, 'access_denied']);
    expect(await refusal(authReqId)).toEqual([400, 'invalid_grant']);
  });

  it('CIBA §11: invalid_grant for the id of another client, which it does not use up', async () => {
    const authReqId = await begin();
    await asking.answer(['openid']);
    expect(await refusal(authReqId, 'shop')).toEqual([400, 'invalid_grant']);
    asking.server.clock.advance(5);
    expect((await asking.poll(authReqId)).status).toBe(200);
  });

  it('CIBA §11: unauthorized_client for a client that may not use the grant', async () => {
    expect(await refusal(await begin(), 'simple_client')).toEqual([400, 'unauthorized_client']);
  });

  it('CIBA §7.3: a client that was told of the answer gets it, however soon after its last poll', async () => {
    const authReqId = await begin({ client_notification_token: 'a token of the client'.replaceAll(' ', '-') }, 'told');
    expect(await refusal(authReqId, 'told')).toEqual([400, 'authorization_pending']);
    await asking.answer(['openid']);
    expect((await asking.poll(authReqId, 'told')).status).toBe(200);
  });

  it('is answered by the person who was asked, and by nobody else', async () => {
    const authReqId = await begin();
    expect(await asking.answer(['openid'], 'bob')).toBe(false);
    expect(await refusal(authReqId)).toEqual([400, 'authorization_pending']);
  });

  it('comes in vain where the person withdraws what the client was allowed before it has fetched it', async () => {
    const authReqId = await begin();
    await asking.answer(['openid']);
    await asking.server.app.get(GrantedAccess).end('subject-of-alice', clients[0]!);
    expect(await refusal(authReqId)).toEqual([400, 'invalid_grant']);
  });
});

describe('A client that asks for a level of authentication', () => {
  let asking: AskingServer;
  beforeAll(async () => {
    const authenticationLevels = [
      new AuthenticationLevel({ acr: 'basic', ways: [['pwd']] }),
      new AuthenticationLevel({ acr: 'strong', ways: [['hwk']] }),
    ];
    asking = await AskingServer.start({ clients, authenticationLevels });
  });

  it('FAPI-CIBA §5.2.2: is told which was reached, where it asked', async () => {
    const { auth_req_id } = (await asking.begin({ acr_values: 'unheard-of basic' })).body;
    expect(await asking.answer(['openid'])).toBe(true);
    expect(claimsOf((await asking.poll(auth_req_id)).body.id_token as string).acr).toBe('basic');
  });

  it('CIBA §7.1: is not let in by a sign-in that reaches none of them', async () => {
    const { auth_req_id } = (await asking.begin({ acr_values: 'strong' })).body;
    expect(await asking.answer(['openid'])).toBe(false);
    expect((await asking.poll(auth_req_id)).body.error).toBe('authorization_pending');
  });
});
