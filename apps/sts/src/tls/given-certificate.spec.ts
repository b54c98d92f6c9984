import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@tessera/resource-model';
import { temporaryFile, temporaryFolder } from '../temporary-folder.fixture.js';
import { developmentCertificate } from './development-certificate.js';
import { readCertificate } from './given-certificate.js';

async function certificateFiles() {
  const folder = temporaryFolder();
  const files = await developmentCertificate(folder);
  return { files, cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
}

function read(cert: string, key: string) {
  const faults: Fault[] = [];
  const files = readCertificate({ mode: 'files', cert, key }, faults);
  return { files, faults: faults.map(({ path, problem }) => `${path}: ${problem}`) };
}

describe('A certificate of one’s own', () => {
  it('is read', async () => {
    const { files, cert, key } = await certificateFiles();
    expect(read(cert, key)).toEqual({ files, faults: [] });
  });

  it('that is missing is told, together with its key', () => {
    expect(read('/nowhere/cert.pem', '/nowhere/key.pem').faults).toEqual([
      expect.stringMatching(/^STS_TLS_CERT: names a file that cannot be read: ENOENT/),
      expect.stringMatching(/^STS_TLS_KEY: names a file that cannot be read: ENOENT/),
    ]);
  });

  it('that is none is told', async () => {
    const { key } = await certificateFiles();
    for (const wrong of [key, temporaryFile('nonsense'), temporaryFile('')]) {
      expect(read(wrong, key).faults).toEqual([expect.stringMatching(/^STS_TLS_CERT: .*no certificate/)]);
    }
  });

  it('whose key is none, or another’s, is told', async () => {
    const { cert } = await certificateFiles();
    const { key: others } = await certificateFiles();
    for (const wrong of [cert, others, temporaryFile('nonsense'), temporaryFile('')]) {
      expect(read(cert, wrong).faults).toEqual([expect.stringMatching(/^STS_TLS_KEY: .*private key of STS_TLS_CERT/)]);
    }
  });
});
