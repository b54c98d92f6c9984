import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningSts, runSts, secrets } from '../running-sts.fixture.js';
import { temporaryFolder } from '../temporary-folder.fixture.js';

let sts: RunningSts;
beforeAll(async () => {
  sts = await runSts({ STS_LOG_LEVEL: 'trace' });
});

/** The line of a request comes after its answer. */
async function lineOf(id: string | null, from = sts): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 100; tries++) {
    const line = from.log.find((candidate) => candidate.id === id);
    if (line) return line;
    await delay(10);
  }
  throw new Error(`No line has the id ${id}.`);
}

function token(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${sts.url}/connect/token`, { method: 'POST', body: new URLSearchParams(form), headers });
}

const machine = { grant_type: 'client_credentials', client_id: 'machine', client_secret: secrets.client };
const person = { grant_type: 'password', username: 'carol', client_id: 'app', client_secret: secrets.client };

describe('The log of requests', () => {
  it('has one line for each, with who, what and how it went', async () => {
    const response = await token({ ...person, password: secrets.password });
    expect(response.status).toBe(200);
    const id = response.headers.get('x-correlation-id');
    expect(await lineOf(id)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      id,
      method: 'POST',
      path: '/connect/token',
      status: 200,
      ms: expect.any(Number),
      ip: '127.0.0.1',
      client: 'app',
      grant: 'password',
      subject: '1',
      msg: 'request',
    });
    await delay(30);
    expect(sts.log.filter((line) => line.id === id)).toHaveLength(1);
  });

  it('says more about a refusal than its answer does', async () => {
    const response = await token({ ...machine, client_secret: 'wrong' });
    expect(await response.json()).toEqual({
      error: 'invalid_client',
      error_description: 'Client authentication failed.',
    });
    expect(await lineOf(response.headers.get('x-correlation-id'))).toMatchObject({
      status: 401,
      client: 'machine',
      error: 'invalid_client',
      reason: expect.stringContaining('no secret matches'),
    });
  });

  it('keeps the questions about health out of the way', async () => {
    const response = await fetch(`${sts.url}/health/live`);
    expect(await lineOf(response.headers.get('x-correlation-id'))).toMatchObject({ level: 'debug', status: 200 });
  });

  it('leaves out what it is told to leave out, but never that the server failed', async () => {
    const data = temporaryFolder();
    const quiet = await runSts({ STS_LOG_LEVEL: 'warn', STS_DATA: data });
    await fetch(`${quiet.url}/.well-known/openid-configuration`);
    writeFileSync(join(data, 'signing-keys.json'), 'broken');
    const response = await fetch(`${quiet.url}/health/ready`);
    expect(await lineOf(response.headers.get('x-correlation-id'), quiet)).toMatchObject({ level: 'warn', status: 503 });
    expect(quiet.log).toHaveLength(1);
  });

  it('shows of an unknown path only what is a part of known ones', async () => {
    const response = await fetch(`${sts.url}/identity/connect/token/${secrets.client}?x=${secrets.client}`);
    expect(response.status).toBe(404);
    expect(await lineOf(response.headers.get('x-correlation-id'))).toMatchObject({ path: '/…/connect/token/…' });
  });

  it('stays short, whatever is asked for', async () => {
    const response = await fetch(`${sts.url}${'/x'.repeat(5000)}`);
    expect(JSON.stringify(await lineOf(response.headers.get('x-correlation-id'))).length).toBeLessThan(400);
  });
});

describe('The correlation id', () => {
  it.each(['abcdefgh', '0af7651916cd43dd8448eb211c80319c', 'a.b_c-D9', 'x'.repeat(64)])(
    'is taken over when it is harmless: %s',
    async (id) => {
      const response = await fetch(`${sts.url}/health/live`, { headers: { 'x-correlation-id': id } });
      expect(response.headers.get('x-correlation-id')).toBe(id);
      expect(await lineOf(id)).toMatchObject({ path: '/health/live' });
    },
  );

  it.each(['short', 'x'.repeat(65), 'two words here', '{"id":"12345678"}', 'abcdefgh"', '<script>x</script>', 'ab%0acdefgh', 'äöüäöüäöü'])(
    'is not taken over when it is not: %s',
    async (id) => {
      const given = Buffer.from(id).toString('latin1');
      const response = await fetch(`${sts.url}/health/live`, { headers: { 'x-correlation-id': given } });
      expect(response.headers.get('x-correlation-id')).toMatch(/^[A-Za-z0-9_-]{16}$/);
      await lineOf(response.headers.get('x-correlation-id'));
      expect(sts.log.map((line) => line.id)).not.toContain(given);
    },
  ); // prettier-ignore

  it('is one, also when a caller sends two', async () => {
    const id = await new Promise<unknown>((resolve, reject) => {
      const headers = { 'x-correlation-id': ['first-of-two', 'second-of-two'] };
      httpRequest(`${sts.url}/health/live`, { headers }, (response) => {
        response.resume();
        resolve(response.headers['x-correlation-id']);
      })
        .on('error', reject)
        .end();
    });
    expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
  });

  it.each([
    ['GET', '/nothing'],
    ['GET', '/connect/token'],
    ['POST', '/connect/token'],
    ['GET', '/connect/userinfo'],
    ['GET', '/'],
  ])('is in the answer to %s %s, whatever it is', async (method, path) => {
    const response = await fetch(sts.url + path, { method, redirect: 'manual' });
    expect(response.headers.get('x-correlation-id')).toMatch(/^[A-Za-z0-9_-]{16}$/);
  });
});
