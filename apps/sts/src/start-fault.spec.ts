import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SchemaRefusedError } from '@tessera/typeorm-store';
import { SettingsError } from './configuration/settings.js';
import { describeStartFault } from './start-fault.js';
import { temporaryFile } from './temporary-folder.fixture.js';

function listenError(host: string, port = 0): Promise<Error> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', resolve);
    server.listen(port, host, () => server.close(() => reject(new Error(`${host} can be listened on.`))));
  });
}

describe('Why the server does not start', () => {
  it('is said in one sentence where the address is none of the machine’s', async () => {
    expect(describeStartFault(await listenError('192.0.2.1'))).toBe(
      'The server does not start: 192.0.2.1 is no address of this machine. Correct STS_HOST.',
    );
    expect(describeStartFault(await listenError('nowhere.invalid'))).toBe(
      'The server does not start: nowhere.invalid has no address. Correct STS_HOST.',
    );
  });

  it('is said in one sentence where the port is reserved', () => {
    const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen', port: 443 });
    expect(describeStartFault(error)).toBe(
      'The server does not start: this user may not open port 443. Choose one from 1024 on with STS_PORT.',
    );
  });

  it('is said in one sentence where its folder cannot be made', () => {
    const folder = join(temporaryFile('a file'), 'data');
    const makeFolder = () => {
      try {
        return mkdirSync(folder, { recursive: true });
      } catch (error) {
        return error;
      }
    };
    expect(describeStartFault(makeFolder())).toMatch(
      /^The server does not start: ENOTDIR: not a directory, mkdir .*\. Mend it, or choose another folder .* with STS_DATA\.$/,
    );
  });

  it('is what is wrong with the configuration', () => {
    expect(describeStartFault(new SettingsError(['a: b']))).toBe(
      'The server does not start: its configuration has one fault.\n  - a: b',
    );
  });

  it('is said in one sentence where the database lets nobody change its schema', () => {
    expect(describeStartFault(new SchemaRefusedError('This role may not.'))).toBe(
      'The server does not start: This role may not.',
    );
  });

  it('is told with its stack where nobody expected it', () => {
    expect(describeStartFault(new TypeError('oops'))).toMatch(/TypeError: oops\n\s+at /);
    expect(describeStartFault('oops')).toBe('oops');
  });
});
