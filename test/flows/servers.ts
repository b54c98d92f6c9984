import type { SigningAlgorithm } from '@tessera/token-server';
import { TokenServerModule } from '@tessera/token-server';
import { type RunningServer, startServer } from '../running-server.js';
import { startSts } from '../running-sts.js';

const signing = (...signingAlgorithms: SigningAlgorithm[]) =>
  startServer({ tls: true, options: { signingAlgorithms } });

/** The servers that every client library must get along with: each form of embedding, each algorithm, and the STS. All over https. */
export const servers: [name: string, algorithm: SigningAlgorithm, start: () => Promise<RunningServer>][] = [
  ['the deployable server', 'RS256', () => startSts()],
  ['a server on Express', 'RS256', () => startServer({ tls: true, adapter: 'express' })],
  ['a server on Fastify', 'RS256', () => startServer({ tls: true, adapter: 'fastify' })],
  ['a server configured by forRootAsync', 'RS256', () => startServer({ tls: true, module: configuredLater })],
  ['a server that signs with ES256', 'ES256', () => signing('ES256')],
  ['a server that signs with PS256', 'PS256', () => signing('PS256')],
  ['a server that signs with EdDSA', 'EdDSA', () => signing('EdDSA')],
  ['a server with keys for all of them', 'ES256', () => signing('ES256', 'EdDSA', 'PS256', 'RS256')],
];

type Options = Parameters<typeof TokenServerModule.forRoot>[0];

function configuredLater({ grants, imports, providers, ...options }: Options) {
  const source = { provide: 'CONFIGURATION', useFactory: async () => Promise.resolve(options) };
  return TokenServerModule.forRootAsync({
    grants,
    imports: [...(imports ?? []), { module: class Configuration {}, providers: [source], exports: ['CONFIGURATION'] }],
    providers,
    inject: ['CONFIGURATION'],
    useFactory: (found: typeof options) => found,
  });
}
