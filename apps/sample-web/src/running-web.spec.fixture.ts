import { afterAll } from '@jest/globals';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { Browser, type ShownPage } from './browser.spec.fixture.js';
import { Clock } from './clock.js';
import { createApp } from './create-app.js';
import { FakeApi } from './fake-api.spec.fixture.js';
import { FakeIssuer } from './fake-issuer.spec.fixture.js';

/** A clock that a test moves. It starts at the true time, by which the client library measures id_tokens. */
export class FakeClock extends Clock {
  private ahead = 0;

  override now(): number {
    return super.now() + this.ahead;
  }

  advance(seconds: number): void {
    this.ahead += seconds;
  }
}

export const publicUrl = 'https://web.example:7001';

export interface RunningWeb {
  readonly issuer: FakeIssuer;
  readonly api: FakeApi;
  readonly clock: FakeClock;
  /** Where it listens. */
  readonly url: string;
  /** Ends the application; its issuer and its API go on. */
  close(): Promise<void>;
  /** All that was logged so far. */
  logText(): string;
  /** A browser that has never been here. */
  browser(): Browser;
  /** A browser in which alice is signed in, and the page that she sees. */
  signedIn(): Promise<{ browser: Browser; page: ShownPage }>;
}

const running: INestApplication[] = [];

afterAll(() => Promise.all(running.splice(0).map((app) => app.close())));

/** The application over http on a free port, with an issuer and an API of its own. All of it ends when the spec has run. */
export async function runWeb(difference: { issuer?: string; api?: string } = {}): Promise<RunningWeb> {
  const [issuer, api, clock] = [await FakeIssuer.start(), await FakeApi.start(), new FakeClock()];
  const lines: string[] = [];
  const log = (...words: unknown[]) => void lines.push(JSON.stringify(words));
  const logger: LoggerService = { log, error: log, warn: log, debug: log, verbose: log, fatal: log };
  const { id: clientId, secret: clientSecret } = FakeIssuer.client;
  const servers = { issuer: issuer.url, api: api.url, ...difference };
  const own = { url: publicUrl, host: '127.0.0.1', port: 0, tls: undefined };
  const app = await createApp({ clientId, clientSecret, ...servers, ...own }, logger, clock);
  await app.listen(0, '127.0.0.1');
  running.push(app);
  const url = await app.getUrl();
  const browser = () => new Browser(publicUrl, url);
  const signedIn: RunningWeb['signedIn'] = async () => {
    const fresh = browser();
    return { browser: fresh, page: await fresh.open('/login') };
  };
  const close = () => app.close();
  return { issuer, api, clock, url, close, logText: () => lines.join('\n'), browser, signedIn };
}
