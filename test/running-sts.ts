import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServerLog, createSts, loadSettings } from '../apps/sts/src/index.js';
import { type ClientTls, developmentTls, fetchTrusting } from './development-tls.js';
import { createTestStores } from './stores/test-stores.js';
import { requestsTo } from './requests.js';
import { listenOnFreePort, type RunningServer } from './running-server.js';

const demonstration = fileURLToPath(new URL('../sts.yaml', import.meta.url));

/** Starts the deployable server over https, with the demonstration's file unless the variables (`STS_CONFIG`) name another. */
export async function startSts(variables: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const data = await mkdtemp(join(tmpdir(), 'tessera-sts-'));
  const stores = await createTestStores();
  const tls = await developmentTls();
  const { app, url } = await listenOnFreePort('https', async (url) => {
    const settings = await loadSettings({
      STS_CONFIG: demonstration,
      STS_DATA: data,
      STS_DATABASE_URL: stores?.url ?? 'memory:',
      STS_ISSUER: url,
      STS_LOG_LEVEL: 'silent',
      ...variables,
    });
    return createSts(settings, tls, createServerLog(settings.environment.logLevel));
  });
  const fetchAs = (certificate?: ClientTls) => fetchTrusting(tls.ca, certificate);
  const fetch = fetchAs();
  const close = async () => {
    await app.close();
    await stores?.remove();
    await rm(data, { recursive: true });
  };
  return { url, app, fetch, fetchAs, ...requestsTo(url, fetch), close };
}
