import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ConfigurationConflictError, type ConfigurationPlanner, logPlan } from '@tessera/typeorm-store';
import { type Settings, SettingsError } from '../configuration/settings.js';
import { declaredBy } from './declared-by.js';
import { serverChanges } from './server-changes.js';

/** The file is looked at this often: mounted files and those that editors replace tell nobody that they changed. */
const lookMilliseconds = 500;
/** A file that stays the same for this long has been written to its end. Longer where it removes what it does not name: half of it would remove the rest. */
const settledMilliseconds = { usual: 200, pruning: 3000 };
/** How long after a failure of the database it is tried again. */
const retryMilliseconds = 5000;

/** Brings the file's clients, resources and people into the database whenever the file changes. What cannot be applied is logged, and changes nothing. */
export class ConfigurationFileWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Configuration');
  private readonly ending = new AbortController();
  private applied: Promise<void> = Promise.resolve();
  private wasRefused = false;

  constructor(
    private readonly started: Settings,
    private readonly planner: ConfigurationPlanner,
  ) {}

  onApplicationBootstrap(): void {
    const { config, configApplication } = this.started.environment;
    if (configApplication.apply !== 'watch') return;
    watchFile(config, { interval: lookMilliseconds, persistent: false }, this.look);
    void this.lookAtWhatStartMissed();
  }

  async beforeApplicationShutdown(): Promise<void> {
    unwatchFile(this.started.environment.config, this.look);
    this.ending.abort();
    await this.applied;
  }

  /** The watch tells of changes since its own first look: what came between the server's reading of the file and that one would wait for the next. */
  private async lookAtWhatStartMissed(): Promise<void> {
    const { environment, text } = this.started;
    const isWaiting = await delay(lookMilliseconds, true, { signal: this.ending.signal, ref: false }).catch(
      () => false,
    );
    if (isWaiting && (await readText(environment.config)) !== text) this.look();
  }

  /** One after the other: what is applied last is what was read last. */
  private readonly look = (): void => {
    this.applied = this.applied.then(() => this.take());
  };

  private async take(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const isDone = await this.apply().catch((error: unknown) => this.refused(error));
      if (isDone) return;
      await delay(retryMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async apply(): Promise<boolean> {
    const { config, configApplication } = this.started.environment;
    await settled(config, configApplication.prune ? settledMilliseconds.pruning : settledMilliseconds.usual);
    const settings = await this.started.reload();
    const { declared, ...rules } = declaredBy(settings);
    logPlan(await this.planner.apply(declared, rules), this.logger);
    // It may be back to what it was, with nothing to do: whoever mended it wants to know all the same.
    if (this.wasRefused) this.logger.log('The configuration file is in order again, and has been applied.');
    this.wasRefused = false;
    for (const key of serverChanges(this.started, settings)) {
      this.logger.warn(`${key} of the configuration file changed: that counts after a restart.`);
    }
    return true;
  }

  /** Whether that was the end of it: what the file says does not get better by being read again, a database that is away comes back. */
  private refused(error: unknown): boolean {
    this.wasRefused = true;
    const isOfFile = error instanceof SettingsError || error instanceof ConfigurationConflictError;
    const problem = isOfFile ? faultsOf(error) : `${String(error)} It is tried again.`;
    // Each worker says so, and the server goes on as it was: nobody is to be woken for it.
    this.logger.warn(`The changed configuration file has not been applied. ${problem}`);
    return isOfFile;
  }
}

function faultsOf(error: SettingsError | ConfigurationConflictError): string {
  return error instanceof SettingsError ? `Its faults:\n${error.lines.join('\n')}` : error.message;
}

/** Waits until nobody writes to the file any more; a file that is away for a moment is being replaced. */
async function settled(path: string, milliseconds: number): Promise<void> {
  for (let text = await readText(path); ;) {
    await delay(milliseconds);
    const now = await readText(path);
    if (now === text) return;
    text = now;
  }
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
