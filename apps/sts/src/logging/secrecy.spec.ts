import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { basic, type RunningSts, runSts, secrets } from '../running-sts.fixture.js';

let sts: RunningSts;
beforeAll(async () => {
  sts = await runSts({ STS_LOG_LEVEL: 'trace' });
});

const machine = { grant_type: 'client_credentials', client_id: 'machine', client_secret: secrets.client };
const person = { grant_type: 'password', username: 'carol', client_id: 'app', client_secret: secrets.client };

describe('No secret', () => {
  /** As bytes, for what no client library would send. */
  function raw(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(sts.url).port), '127.0.0.1', () => socket.end(text));
      socket.on('error', reject).on('close', () => resolve()).resume(); // prettier-ignore
    });
  }

  it('is ever in the log, wherever it was sent', async () => {
    const s = secrets.client;
    const form = (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(sts.url + path, { method: 'POST', body: new URLSearchParams(body), headers, redirect: 'manual' });
    const asked = await form('/connect/token', {
      ...person,
      password: secrets.password,
      scope: 'openid api1 offline_access',
    });
    const tokens = (await asked.json()) as Record<'access_token' | 'refresh_token' | 'id_token', string>;
    const given = [tokens.access_token, tokens.refresh_token, tokens.id_token];
    expect(given.every((value) => typeof value === 'string')).toBe(true);

    for (const value of [s, secrets.password, secrets.api, ...given]) {
      const wrong = `${value}x`;
      for (const secret of [value, wrong]) {
        // Where they belong, right and wrong.
        await form('/connect/token', { ...machine, client_secret: secret });
        await form('/connect/token', { grant_type: 'client_credentials' }, { authorization: basic('machine', secret) });
        await form('/connect/token', { ...person, password: secret });
        await form('/connect/token', { ...person, grant_type: 'refresh_token', refresh_token: secret });
        for (const path of ['/connect/introspect', '/connect/revocation']) {
          await form(path, { token: secret, token_type_hint: secret }, { authorization: basic('api1', secrets.api) });
          await form(path, { token: secret }, { authorization: basic('api1', secret) });
          await form(path, { token: secret, client_id: 'app', client_secret: secret });
        }
        await fetch(`${sts.url}/connect/userinfo`, { headers: { authorization: `Bearer ${secret}` } });
        await form('/connect/userinfo', { access_token: secret });
      }
      // Where they do not.
      const path = encodeURIComponent(value);
      for (const url of [`/connect/token?client_secret=${path}`, `/connect/userinfo?access_token=${path}`, `/${path}`, `/connect/${path}/token`, `/?${path}`, `/nothing?${path}`, `/connect/token;${path}`, `/health/${path}`, `/%zz${path}`]) {
        await fetch(sts.url + url, { redirect: 'manual' });
        await form(url, { secret: value });
      } // prettier-ignore
      for (const header of ['cookie', 'referer', 'user-agent', 'origin', 'x-forwarded-for', 'x-api-key', 'x-correlation-id', 'content-type', 'accept', 'if-none-match', 'dpop']) {
        await fetch(`${sts.url}/.well-known/openid-configuration`, { headers: { [header]: `${value} ${value}` } });
        await form('/connect/token', machine, { [header]: `${value} ${value}` });
      } // prettier-ignore
      for (const authorization of [value, `Basic ${value}`, `Digest ${value}`, `bearer  ${value} `, `Basic ${Buffer.from(value).toString('base64')}`]) {
        await form('/connect/token', machine, { authorization });
        await fetch(`${sts.url}/connect/userinfo`, { headers: { authorization } });
      } // prettier-ignore
      for (const [type, body] of [['application/json', value], ['application/json', `{"client_secret":"${value}"}`], ['text/plain', value], ['multipart/form-data; boundary=x', value], ['application/x-www-form-urlencoded', `client_secret=${value}&client_secret=${value}&%`], ['application/x-www-form-urlencoded', 'x'.repeat(70_000) + value]] as const) {
        await fetch(`${sts.url}/connect/token`, { method: 'POST', body, headers: { 'content-type': type } });
      } // prettier-ignore
      await raw(`GET /${value} NONSENSE/1.1\r\n\r\n`);
      await raw(`${value} / HTTP/1.1\r\nhost: x\r\n\r\n`);
      await raw(`POST /connect/token HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nx y: ${value}\r\n\r\n`);
      await raw(`GET http://carol:${value}@id.example.com/ HTTP/1.1\r\nhost: x\r\n\r\n`);
    }
    await delay(50);
    const log = sts.logText();
    expect(log.split('\n').length).toBeGreaterThan(300);
    for (const value of Object.values(secrets)) expect(log).not.toContain(value);
    for (const value of given) {
      expect(log).not.toContain(value);
      // Neither a piece of one: of a signed token the part that makes it valid.
      expect(log).not.toContain(value.split('.').at(-1)!.slice(0, 20));
    }
    expect(log).not.toContain(Buffer.from(s).toString('base64').slice(0, 20));
    expect(log).not.toContain('hunter2');
  });
});
