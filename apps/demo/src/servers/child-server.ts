import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot } from '../addresses.js';
import { presenceAt } from './presence.js';
import type { ServerJournal } from './server-journal.js';

/** One of the servers, before it runs. */
export interface ServerPlan {
  /** As a sentence begins with it. */
  readonly name: string;
  /** In front of each of its lines. */
  readonly tag: string;
  readonly url: string;
  /** Answers 200 when the server is ready. */
  readonly healthUrl: string;
  /** From the root of the repository. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A server did not start or did not stay. The message is for a person. */
export class ServerFailure extends Error {
  override readonly name = 'ServerFailure';
}

/** A server as a child process: started, watched, and never left behind. */
export class ChildServer {
  private static readonly patience = { start: 60_000, stop: 15_000 };
  private readonly process: ChildProcess;
  private hasEnded = false;
  /** How it ended, in words. Settles when its output is read to the end. */
  readonly ended: Promise<string>;

  constructor(
    private readonly plan: ServerPlan,
    private readonly journal: ServerJournal,
  ) {
    const guard = new URL('./end-with-parent.js', import.meta.url).href;
    this.process = spawn(process.execPath, ['--import', guard, plan.script], {
      cwd: repositoryRoot,
      env: { ...process.env, ...plan.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Out of reach of the terminal's Ctrl-C, which comes here alone: a server that hears it twice ends without waiting.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => journal.add(line));
    }
    this.ended = new Promise<string>((resolve) => {
      this.process.on('error', (error) => resolve(error.message));
      this.process.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    }).finally(() => (this.hasEnded = true));
  }

  /** Waits until it answers. Rejects with a ServerFailure when it ends before, or takes a minute. */
  async ready(caFile: string, interrupted: AbortSignal): Promise<void> {
    const { name, healthUrl } = this.plan;
    const deadline = Date.now() + ChildServer.patience.start;
    for (;;) {
      if (this.hasEnded) throw await this.failure('before it was ready');
      const presence = await presenceAt(healthUrl, caFile);
      interrupted.throwIfAborted();
      if (presence.state === 'ready' && !this.hasEnded) return this.journal.release();
      if (Date.now() > deadline) {
        const why = presence.state === 'other' ? presence.why : `nothing listens at ${healthUrl}`;
        throw new ServerFailure([`${name} is not ready after a minute: ${why}.`, ...this.lastWords()].join('\n'));
      }
      await delay(100, undefined, { signal: interrupted });
    }
  }

  /** What to say when it has ended by itself. */
  async failure(when: string): Promise<ServerFailure> {
    const how = await this.ended;
    return new ServerFailure([`${this.plan.name} has ended ${when} (${how}).`, ...this.lastWords()].join('\n'));
  }

  /** Asks it to end and waits for it; a server that is ending already is only waited for. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), ChildServer.patience.stop);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it at once. */
  kill(): void {
    if (!this.hasEnded) this.process.kill('SIGKILL');
  }

  private lastWords(): string[] {
    const words = this.journal.lastWords();
    return words.length > 0 ? ['Its last lines:', ...words] : [];
  }
}
