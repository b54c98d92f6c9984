import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll } from '@jest/globals';
import { loadSettings } from './configuration/settings.js';
import { createSts } from './create-sts.js';
import { createServerLog } from './logging/server-log.js';
import { temporaryFile, temporaryFolder } from './temporary-folder.fixture.js';

/** A small server: one API, one machine, one person. Its secrets are no words, so that they can be looked for in a log. */
export const secrets = {
  client: 'cl13nt-hunter2-R4Gx',
  api: 'ap1-hunter2-Q9Wz',
  password: 'p4ss-hunter2-L7Kd',
} as const;

export const smallConfiguration = `
issuer: https://id.example.com
signingAlgorithms: [ES256]
identityResources: [openid, profile]
apiResources:
  - name: api1
    apiSecrets: [{ plain: ${secrets.api} }]
clients:
  - clientId: machine
    allowedGrantTypes: [client_credentials]
    clientSecrets: [{ plain: ${secrets.client} }]
    allowedScopes: [api1]
  - clientId: app
    allowedGrantTypes: [password]
    clientSecrets: [{ plain: ${secrets.client} }]
    allowedScopes: [api1, openid]
    allowOfflineAccess: true
users:
  - { subject: '1', username: carol, password: ${secrets.password} }
`;

export interface RunningSts {
  /** Without a slash at the end. */
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** The lines of the log so far. */
  readonly log: Record<string, unknown>[];
  /** The text of the log so far. */
  logText(): string;
}

const running: NestFastifyApplication[] = [];

afterAll(() => Promise.all(running.splice(0).map((app) => app.close())));

/** Starts the server in this process, over http on a free port. It ends when the spec has run. */
export async function runSts(
  variables: Readonly<Record<string, string>> = {},
  configuration = smallConfiguration,
  /** Called when the file has been read, and nothing is started yet. */
  onRead: () => void = () => undefined,
): Promise<RunningSts> {
  const settings = await loadSettings({
    STS_CONFIG: temporaryFile(configuration),
    STS_DATA: temporaryFolder(),
    STS_DATABASE_URL: 'memory:',
    STS_TLS: 'off',
    STS_HOST: '127.0.0.1',
    ...variables,
  });
  onRead();
  const lines: string[] = [];
  const log = createServerLog(settings.environment.logLevel, { write: (line) => void lines.push(line) });
  const app = await createSts(settings, settings.certificate, log);
  running.push(app);
  await app.listen(0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    app,
    get log() {
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    logText: () => lines.join(''),
  };
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}
