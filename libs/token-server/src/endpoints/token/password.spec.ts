import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, run, type RunningServer } from '../../running-server.spec.fixture.js';

const password = { grant_type: 'password', username: 'alice', password: 'ecila' };
const expectRefused = ({ status, body }: Answer, error = 'invalid_grant') =>
  expect([status, body.error]).toEqual([400, error]);

describe('The password grant (RFC 6749 §4.3)', () => {
  let server: RunningServer;
  beforeAll(async () => void (server = await run()));

  it('answers a wrong password, an unknown and a disabled person alike: invalid_grant', async () => {
    const tries = [
      { username: 'alice', password: 'wrong' },
      { username: 'nobody', password: 'ydobon' },
      { username: 'mallory', password: 'yrollam' },
    ];
    const answers = [];
    for (const form of tries)
      answers.push(
        await server.post('connect/token', { grant_type: 'password', ...form }, { basic: 'ropg_client:secret' }),
      );
    answers.forEach((answer) => expectRefused(answer));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('does not look at the password when the scope is refused anyway', async () => {
    expectRefused(
      await server.post('connect/token', { ...password, scope: 'nope' }, { basic: 'ropg_client:secret' }),
      'invalid_scope',
    );
  });

  it.each(['username', 'password'])('answers a missing %s with invalid_request', async (missing) => {
    expectRefused(
      await server.post('connect/token', { ...password, [missing]: '' }, { basic: 'ropg_client:secret' }),
      'invalid_request',
    );
  });
});
