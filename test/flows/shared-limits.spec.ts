import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { TypeOrmStores } from '@tessera/typeorm-store';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';
import { encryptionKey } from '../stores/test-stores.js';

describe('Two servers on one database', () => {
  let folder: string;
  let servers: RunningServer[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-shared-'));
    const url = `sqlite:${join(folder, 'shared.sqlite')}?synchronous=normal`;
    const start = () =>
      startServer({
        tls: true,
        options: {
          imports: [AccountsModule, PagesModule],
          stores: TypeOrmStores.forRoot({ url, encryptionKeys: [encryptionKey] }),
        },
      });
    servers = [await start(), await start()];
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await rm(folder, { recursive: true });
  });

  /** Of twenty at once, by turns on one server and the other, five are looked at; the others are told to wait. */
  async function expectFiveLookedAt(attempt: (server: number, i: number) => Promise<{ status: number }>) {
    const start = Date.now();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => attempt(i % 2, i)));
    const looked = answers.filter(({ status }) => status === 400).length;
    expect(looked).toBeGreaterThanOrEqual(5);
    // On a slow machine one comes after the first second, another one after two more, and so on.
    expect(looked).toBeLessThanOrEqual(5 + Math.floor(Math.log2(1 + (Date.now() - start) / 1000)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20 - looked);
  }

  test('let as many user codes be guessed as one would (RFC 8628 §5.1)', async () => {
    const signedIn = async (server: RunningServer) => {
      const browser = new PlainBrowser(server);
      return { browser, page: await browser.signIn(await browser.open('/device')) };
    };
    const people = await Promise.all(servers.map(signedIn));
    await expectFiveLookedAt((server, i) => {
      const { browser, page } = people[server]!;
      return browser.submit(page, { user_code: `BCDF-GHJ${'BCDFGHJKLMNPQRSTVWXZ'[i]}` });
    });
  });

  test('let as many passwords be tried as one would', async () => {
    const pages = await Promise.all(
      servers.map(async (server) => {
        const browser = new PlainBrowser(server);
        return { browser, page: await browser.open('/signin') };
      }),
    );
    await expectFiveLookedAt((server) => {
      const { browser, page } = pages[server]!;
      return browser.submit(page, { username: 'alice', password: 'wrong' });
    });
  });
});
