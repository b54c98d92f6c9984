import { readFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { ApiResource, KeyVault, Secret, sha256, TokenServerModule } from '@tessera/token-server';
import { HardwareKeyVault } from './hardware-key.vault.js';
import { HardwareModule } from './hardware-module.js';

@Module({
  imports: [
    TokenServerModule.forRoot({
      issuer: 'http://localhost:3000',
      signingAlgorithms: ['ES256', 'RS256'],
      apiResources: [
        new ApiResource('api1', 'My API'),
        new ApiResource('api2', 'An older API', { allowedAccessTokenSigningAlgorithms: ['RS256'] }),
      ],
      clients: [
        {
          clientId: 'simple_client',
          allowedGrantTypes: ['client_credentials'],
          clientSecrets: [new Secret(sha256('secret'))],
          allowedScopes: ['api1', 'api2'],
        },
      ],
      providers: [
        {
          provide: HardwareModule,
          useFactory: () =>
            new HardwareModule({
              library: process.env.HSM_LIBRARY!,
              token: process.env.HSM_TOKEN!,
              pin: readFileSync(process.env.HSM_PIN_FILE!, 'utf8').trim(),
            }),
        },
        { provide: KeyVault, useClass: HardwareKeyVault },
      ],
    }),
  ],
})
export class AppModule {}
