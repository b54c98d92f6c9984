import { beforeAll, describe, expect, it } from '@jest/globals';
import { GrantTypes } from '@tessera/protocol';
import { AskingServer } from './backchannel.spec.fixture.js';

const told = {
  grant_types: [GrantTypes.ciba],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'openid',
  backchannel_token_delivery_mode: 'ping',
  backchannel_client_notification_endpoint: 'https://client.example.com/told',
};

describe('A client that registers itself for CIBA (CIBA §4, RFC 7591)', () => {
  let asking: AskingServer;
  beforeAll(async () => {
    const policy = { grantTypes: [GrantTypes.ciba] };
    asking = await AskingServer.start({ registration: { mode: 'open', policy } });
  });
  const register = (difference: object = {}) =>
    asking.server.send('connect/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...told, ...difference }),
    });

  it('is told what was registered, and may ask people', async () => {
    const { status, body } = await register();
    expect([status, body.error_description]).toEqual([201, undefined]);
    expect(body).toMatchObject(told);
    const form = { scope: 'openid', login_hint: 'alice', client_notification_token: 'a-token' };
    const basic = `${body.client_id}:${body.client_secret}`;
    expect((await asking.server.post('connect/ciba', form, { basic })).status).toBe(200);
  });

  it.each([
    ['backchannel_token_delivery_mode', { backchannel_token_delivery_mode: undefined }],
    ['backchannel_token_delivery_mode', { backchannel_token_delivery_mode: 'push' }],
    ['backchannel_client_notification_endpoint', { backchannel_client_notification_endpoint: undefined }],
    ['backchannel_client_notification_endpoint', { backchannel_client_notification_endpoint: 'http://a.example/told' }],
    ['backchannel_authentication_request_signing_alg', { backchannel_authentication_request_signing_alg: 'none' }],
    ['backchannel_authentication_request_signing_alg', { backchannel_authentication_request_signing_alg: 'ES256' }],
    ['grant_types', { token_endpoint_auth_method: 'none' }],
  ])('is refused for its %s: %j', async (member, difference) => {
    const { status, body } = await register(difference);
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    expect(body.error_description).toContain(member);
  });

  it('finds in the metadata what it could use', async () => {
    const metadata = (await asking.server.send('.well-known/openid-configuration')).body;
    expect(metadata.grant_types_supported).toContain(GrantTypes.ciba);
    expect(metadata.backchannel_token_delivery_modes_supported).toEqual(['poll', 'ping']);
  });
});
