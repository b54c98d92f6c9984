import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Report, Started, Swept } from './hour-messages.js';

const program = fileURLToPath(new URL('../../dist/durability/hour/served-hour.js', import.meta.url));

/** A token server in a process of its own, whose memory holds nothing of the load. */
export class HourServer {
  private log = '';

  private constructor(
    private readonly child: ChildProcess,
    private address = '',
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
  }

  /** @param databaseUrl none: it keeps things in memory */
  static async start(databaseUrl: string | undefined): Promise<HourServer> {
    const server = new HourServer(fork(program, { execArgv: ['--expose-gc'], silent: true }));
    ({ url: server.address } = (await server.ask({ kind: 'start', databaseUrl })) as Started);
    return server;
  }

  get url(): string {
    return this.address;
  }

  /** What it logged of faults. */
  get faults(): string {
    return this.log;
  }

  advance(seconds: number): void {
    this.send({ kind: 'advance', seconds });
  }

  async sweep(): Promise<Swept> {
    return (await this.ask({ kind: 'sweep' })) as Swept;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }

  /** One at a time. */
  private async ask(order: Order): Promise<Report> {
    const answered = new AbortController();
    const ended = once(this.child, 'exit', answered).then(() => {
      throw new Error(`The server ended. It said: ${this.log}`);
    });
    // Its answer is not waited for any more once the other one has come.
    ended.catch(() => undefined);
    try {
      this.send(order);
      const [report] = (await Promise.race([once(this.child, 'message'), ended])) as [Report];
      return report;
    } finally {
      answered.abort();
    }
  }

  private send(order: Order): void {
    this.child.send(order);
  }
}
