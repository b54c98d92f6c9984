import { describe, expect, it } from '@jest/globals';
import { OAuthError, ResourceOwnerPasswordValidator, TooManyAttemptsError } from '../index.js';
import { adapters, run } from '../running-server.spec.fixture.js';

/** Refuses everybody with what the user name says. */
class RefusingPasswords extends ResourceOwnerPasswordValidator {
  async validate(username: string): Promise<undefined> {
    throw username === 'alice'
      ? new TooManyAttemptsError(16, 'counted by address')
      : new OAuthError('temporarily_unavailable', 'Too busy.');
  }
}

describe.each(adapters)('A client that is asked to come again, on %s', (adapter) => {
  it('is told after how many seconds: those of too many attempts, else one', async () => {
    const providers = [{ provide: ResourceOwnerPasswordValidator, useClass: RefusingPasswords }];
    const server = await run({ providers }, { adapter });
    const ask = (username: string) =>
      server.post(
        'connect/token',
        { grant_type: 'password', username, password: 'x', scope: 'api1' },
        { basic: 'ropg_client:secret' },
      );
    const delayed = await ask('alice');
    expect([delayed.status, delayed.headers.get('retry-after')]).toEqual([503, '16']);
    expect(delayed.body).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'Too many attempts to sign in: wait 16 seconds and try again.',
    });
    const busy = await ask('bob');
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1']);
  });
});
