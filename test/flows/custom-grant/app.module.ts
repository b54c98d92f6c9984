import { Module } from '@nestjs/common';
import { ApiResource, IdentityResources, Secret, sha256, TokenServerModule, User } from '@tessera/token-server';
import { InMemoryLegacyTickets, LegacyTickets } from './legacy-tickets.js';
import { TicketGrant } from './ticket.grant.js';

@Module({
  imports: [
    TokenServerModule.forRoot({
      issuer: 'http://localhost:3000',
      identityResources: [IdentityResources.openId(), IdentityResources.profile()],
      apiResources: [new ApiResource('api1', 'My API')],
      users: [new User({ subject: '1', username: 'alice', claims: { name: 'Alice Smith' } })],
      clients: [
        {
          clientId: 'portal_link',
          allowedGrantTypes: ['urn:example:legacy-ticket'],
          clientSecrets: [new Secret(sha256('secret'))],
          allowedScopes: ['openid', 'profile', 'api1'],
          allowOfflineAccess: true,
        },
        {
          clientId: 'simple_client',
          allowedGrantTypes: ['client_credentials'],
          clientSecrets: [new Secret(sha256('secret'))],
          allowedScopes: ['api1'],
        },
      ],
      grants: [TicketGrant],
      providers: [{ provide: LegacyTickets, useClass: InMemoryLegacyTickets }],
    }),
  ],
})
export class AppModule {}
