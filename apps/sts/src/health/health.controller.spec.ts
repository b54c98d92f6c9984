import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runSts } from '../running-sts.fixture.js';
import { temporaryFolder } from '../temporary-folder.fixture.js';
import { HealthController } from './health.controller.js';

describe('Health', () => {
  it.each(['live', 'ready'])('%s answers 200, and nobody keeps the answer', async (path) => {
    const { url } = await runSts();
    const response = await fetch(`${url}/health/${path}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('is not ready while the server stops, and alive still', async () => {
    const { url, app } = await runSts();
    app.get(HealthController).beginToStop();
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('is not ready when the store does not answer, and does not say why to everybody', async () => {
    const data = temporaryFolder();
    const { url } = await runSts({ STS_DATA: data });
    writeFileSync(join(data, 'signing-keys.json'), '{ broken');
    const response = await fetch(`${url}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'the store of the signing keys does not answer' });
  });
});
