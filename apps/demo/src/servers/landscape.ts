import { setTimeout as delay } from 'node:timers/promises';
import { paint } from '../terminal/paint.js';
import type { Print } from '../terminal/print.js';
import { ChildServer, ServerFailure, type ServerPlan } from './child-server.js';
import { presenceAt } from './presence.js';
import { type Loudness, ServerJournal } from './server-journal.js';

/** Servers that are started together and ended together. */
export class Landscape {
  private readonly servers: ChildServer[] = [];

  constructor(
    /** In the order in which they are started. */
    private readonly plans: readonly ServerPlan[],
    /** A PEM file; it need not exist yet. */
    private readonly caFile: string,
    private readonly loudness: Loudness,
    private readonly print: Print,
  ) {
    // The last resort, for an exit that nobody planned.
    process.on('exit', () => this.kill());
  }

  /** True when all answer, false when none does. Throws a ServerFailure for anything between. */
  async isRunning(): Promise<boolean> {
    const found = await Promise.all(this.plans.map(async (plan) => ({ plan, presence: await this.presenceOf(plan) })));
    for (const { plan, presence } of found) {
      if (presence.state === 'other') {
        throw new ServerFailure(`${plan.url} answers, but not as ${lowered(plan.name)} would: ${presence.why}.`);
      }
    }
    const [here, missing] = ['ready', 'absent'].map((state) => found.find(({ presence }) => presence.state === state));
    if (here && missing) {
      throw new ServerFailure(
        `${here.plan.name} runs at ${here.plan.url}, and ${lowered(missing.plan.name)} is missing at ${missing.plan.url}. ` +
          `Start the missing one, or end the other.`,
      );
    }
    return here !== undefined;
  }

  /** Starts one after the other, each when the one before answers. Rejects with a ServerFailure, or when interrupted. */
  async start(interrupted: AbortSignal): Promise<void> {
    for (const plan of this.plans) await this.checkFree(plan);
    for (const plan of this.plans) {
      interrupted.throwIfAborted();
      const begin = Date.now();
      const server = new ChildServer(plan, new ServerJournal(plan.tag, this.loudness, this.print));
      this.servers.push(server);
      await server.ready(this.caFile, interrupted);
      const seconds = ((Date.now() - begin) / 1000).toFixed(1);
      this.print(`${paint('green', '✔')} ${plan.name} answers at ${plan.url} ${paint('gray', `(${seconds} s)`)}`);
    }
  }

  /** Waits for as long as all run. Rejects with a ServerFailure when one ends by itself, or when interrupted. */
  async stay(interrupted: AbortSignal): Promise<never> {
    const lost = await Promise.race([
      ...this.servers.map(async (server) => server.failure('by itself')),
      aborted(interrupted),
    ]);
    // Who ends everything at once ends the servers as well, and the news of that can be here first.
    await delay(200);
    interrupted.throwIfAborted();
    throw lost;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  kill(): void {
    for (const server of this.servers) server.kill();
  }

  private presenceOf(plan: ServerPlan) {
    return presenceAt(plan.healthUrl, this.caFile);
  }

  private async checkFree(plan: ServerPlan): Promise<void> {
    const { protocol, hostname, host } = new URL(plan.url);
    if (protocol !== 'https:' || hostname !== 'localhost') {
      throw new ServerFailure(
        `${plan.name} does not run at ${plan.url}, and can be started only at https://localhost.`,
      );
    }
    const presence = await this.presenceOf(plan);
    if (presence.state === 'absent') return;
    const by = presence.state === 'ready' ? 'by one that runs already' : `by another program (${presence.why})`;
    throw new ServerFailure(
      `${plan.name} cannot start: ${host} is taken ${by}. End that one, or choose another address with --${plan.tag} https://localhost:<port>.`,
    );
  }
}

/** Rejects when interrupted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => reject(signal.reason as Error);
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
}

function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
