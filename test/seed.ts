import { hashPassword } from '@tessera/accounts';
import { ApiResource, type ClientInit, IdentityResources, Secret, sha256, User } from '@tessera/token-server';

/** The configuration of the first tutorial. Every secret is `secret`; the password of each person is the user name. */
export const seed = {
  identityResources: [IdentityResources.openId(), IdentityResources.profile()],
  apiResources: [new ApiResource('api1', 'My API', { apiSecrets: [new Secret(sha256('secret'))] })],
  clients: [
    {
      clientId: 'simple_client',
      allowedGrantTypes: ['client_credentials'],
      clientSecrets: [new Secret(sha256('secret'))],
      allowedScopes: ['api1'],
    },
    {
      clientId: 'ropg_client',
      allowedGrantTypes: ['password'],
      clientSecrets: [new Secret(sha256('secret'))],
      allowedScopes: ['api1', 'openid', 'profile'],
      allowOfflineAccess: true,
    },
  ] satisfies ClientInit[],
  users: [
    new User({
      subject: '1',
      username: 'alice',
      passwordHash: await hashPassword('alice'),
      claims: { name: 'Alice Smith', given_name: 'Alice' },
    }),
    new User({
      subject: '2',
      username: 'bob',
      passwordHash: await hashPassword('bob'),
      claims: { name: 'Bob Smith', given_name: 'Bob' },
    }),
  ],
};
