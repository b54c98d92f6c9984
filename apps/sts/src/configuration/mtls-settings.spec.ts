import { describe, expect, it } from '@jest/globals';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { loadSettings } from './settings.js';
import { faultsOf } from './settings-faults.fixture.js';

const issuer = 'issuer: https://localhost:5001\n';
const ofSocket = `${issuer}mtls: { certificate: socket }\n`;
const ofHeader = `${issuer}mtls: { certificate: { header: X-Client-Cert } }\n`;
const memory = { STS_DATABASE_URL: 'memory:' };
const proxiesOf = async (text: string, variables: Record<string, string>) => {
  const { options } = await loadSettings({ STS_CONFIG: temporaryFile(text), ...memory, ...variables });
  return options.mtls?.trustedProxies;
};

describe('Certificates of clients, in the configuration file', () => {
  it('from the connection need TLS at this server', async () => {
    expect(await faultsOf(ofSocket, memory)).toEqual([]);
    expect(await faultsOf(ofSocket, { ...memory, STS_TLS: 'off' })).toEqual([
      expect.stringMatching(/mtls\.certificate.*STS_TLS is off/),
    ]);
  });

  it('from a header need a proxy that is known', async () => {
    expect(await faultsOf(ofHeader, memory)).toEqual([expect.stringMatching(/mtls\.trustedProxies.*STS_TRUST_PROXY/)]);
    expect(await faultsOf(ofHeader, { ...memory, STS_TRUST_PROXY: '10.0.0.1' })).toEqual([]);
  });

  it('from a header are believed of the proxies of STS_TRUST_PROXY, unless the file names its own', async () => {
    expect(await proxiesOf(ofHeader, { STS_TRUST_PROXY: '10.0.0.0/8,loopback' })).toEqual(['10.0.0.0/8', 'loopback']);
    // Whoever is believed to be a proxy is nobody in particular.
    await expect(proxiesOf(ofHeader, { STS_TRUST_PROXY: 'true' })).rejects.toThrow('mtls.trustedProxies');
    const own = `${issuer}mtls: { certificate: { header: X-Client-Cert }, trustedProxies: [192.0.2.7] }\n`;
    expect(await proxiesOf(own, { STS_TRUST_PROXY: 'loopback' })).toEqual(['192.0.2.7']);
    expect(await proxiesOf(own, {})).toEqual(['192.0.2.7']);
  });

  it('are told by their line where they are wrong', async () => {
    const wrong = `${issuer}mtls: { certificate: { heder: X }, proxies: [] }\n`;
    const found = await faultsOf(wrong, { ...memory, STS_TRUST_PROXY: 'true' });
    expect(found).toContainEqual(expect.stringContaining('mtls.certificate'));
    expect(found).toContainEqual(expect.stringContaining('mtls.proxies'));
  });
});
