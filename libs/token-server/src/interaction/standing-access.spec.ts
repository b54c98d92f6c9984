import { describe, expect, it } from '@jest/globals';
import { type Access, standingAccess } from './standing-access.js';

const consent: Access = { clientId: 'notes', scopes: ['openid'], createdAt: 200, expiresAt: undefined };
const token: Access = { clientId: 'notes', scopes: ['openid', 'api1'], createdAt: 100, expiresAt: 500 };
const later: Access = { clientId: 'notes', scopes: ['openid', 'offline_access'], createdAt: 300, expiresAt: 400 };
const mail: Access = { clientId: 'mail', scopes: ['openid'], createdAt: 1, expiresAt: 2 };

describe('What a client may have of a person', () => {
  it.each([
    ['a remembered consent and a token for more', [token, consent], ['openid', 'api1'], 100, undefined],
    ['the same in the other order', [consent, token], ['openid', 'api1'], 100, undefined],
    ['the tokens of two sign-ins', [token, later], ['openid', 'api1', 'offline_access'], 100, 500],
    ['the same, the later first', [later, token], ['openid', 'offline_access', 'api1'], 100, 500],
  ])('is all of %s: every scope, from the first day to the last', (_what, given, scopes, createdAt, expiresAt) => {
    expect(standingAccess(given)).toEqual([{ clientId: 'notes', scopes, createdAt, expiresAt }]);
  });

  it('is not what another client has', () => {
    expect(standingAccess([token, mail])).toEqual([token, mail]);
  });
});
