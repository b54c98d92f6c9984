import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  Client,
  Clock,
  createHandle,
  hashHandle,
  InMemoryReferenceTokenStore,
  InMemoryRefreshTokenStore,
  InMemoryRevokedTokenStore,
  type RefreshToken,
} from '@tessera/resource-model';
import { ReuseDetection } from './reuse-detection.js';
import { TokenFamilies } from '../token-families.js';

class StandingClock extends Clock {
  constructor(private readonly seconds: number) {
    super();
  }

  now(): number {
    return this.seconds;
  }
}

const client = new Client({ clientId: 'c', allowedGrantTypes: ['password'], refreshTokenGrace: 10 });
const usedAt1000: RefreshToken = {
  handleHash: hashHandle(createHandle()),
  familyId: 'family',
  clientId: 'c',
  subject: 's',
  authentication: { time: 1, methods: [] },
  scopes: [],
  accessTokenClaims: {},
  familyCreatedAt: 1,
  createdAt: 1,
  rotation: { at: 1000, keptUntil: 2000, request: 'this', responseUntil: 1010, response: 'sealed' },
};
let refreshTokens: InMemoryRefreshTokenStore;
const check = (now: number, token: RefreshToken, request: string) => {
  const clock = new StandingClock(now);
  const [references, revoked] = [new InMemoryReferenceTokenStore(), new InMemoryRevokedTokenStore()];
  const families = new TokenFamilies(refreshTokens, references, revoked, clock);
  return new ReuseDetection(families, clock).check(client, token, request);
};
const familyLives = async () => (await refreshTokens.find(usedAt1000.handleHash)) !== undefined;

describe('A refresh token that is seen', () => {
  beforeEach(async () => {
    refreshTokens = new InMemoryRefreshTokenStore();
    await refreshTokens.add(usedAt1000);
  });

  it('for the first time passes', async () => {
    await expect(check(5000, { ...usedAt1000, rotation: undefined }, 'this')).resolves.toBeUndefined();
  });

  it('again with the same request is given the response there was, to the last second of the grace', async () => {
    await expect(check(1009, usedAt1000, 'this')).resolves.toBe('sealed');
    expect(await familyLives()).toBe(true);
  });

  it('again with another request within the grace is refused, and nothing is revoked', async () => {
    await expect(check(1009, usedAt1000, 'other')).rejects.toMatchObject({ code: 'invalid_grant' });
    expect(await familyLives()).toBe(true);
  });

  it('again within the grace, and its response is kept no longer, is refused, and nothing is revoked', async () => {
    const { response, ...left } = usedAt1000.rotation!;
    expect(response).toBeDefined();
    await expect(check(1009, { ...usedAt1000, rotation: left }, 'this')).rejects.toMatchObject({
      code: 'invalid_grant',
    });
    expect(await familyLives()).toBe(true);
  });

  it.each(['this', 'other'])('again after the grace ends its family, whatever is asked for: %s', async (request) => {
    await expect(check(1010, usedAt1000, request)).rejects.toMatchObject({ code: 'invalid_grant' });
    expect(await familyLives()).toBe(false);
  });
});
