import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

interface Writing extends ChildProcess {
  stdout: Readable;
  stderr: Readable;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** What a process has written so far. */
class Output {
  standard = '';
  errors = '';
  isOver = false;
  private wake = () => {};

  constructor(process: Writing) {
    process.stdout.setEncoding('utf8').on('data', (text: string) => this.change(() => (this.standard += text)));
    process.stderr.setEncoding('utf8').on('data', (text: string) => this.change(() => (this.errors += text)));
    process.on('close', () => this.change(() => (this.isOver = true)));
  }

  /** Waits for a text on standard output. @throws Error with all that was written, when the process ends before */
  async until(text: string): Promise<void> {
    while (!this.standard.includes(text)) {
      if (this.isOver) throw new Error(`ended before it wrote '${text}':\n${this.standard}\n${this.errors}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private change(make: () => void): void {
    make();
    this.wake();
  }
}

/** A shell in which one block of commands is typed after the other: folder and variables stay. The first failure ends it. */
export class Terminal {
  private readonly shell;
  private readonly output;

  constructor(cwd: string, env: Variables) {
    this.shell = spawn('sh', ['-e'], { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.output = new Output(this.shell);
  }

  /** What the commands write to standard output. @throws Error with all they wrote, when one fails */
  async run(commands: string): Promise<string> {
    const end = `--- end of block ${Math.random()} ---`;
    this.output.standard = '';
    this.output.errors = '';
    // Commands that read their input must not swallow the blocks that follow.
    this.shell.stdin.write(`{\n${commands}\n} </dev/null\necho; echo '${end}'\n`);
    await this.output.until(end);
    return this.output.standard.slice(0, this.output.standard.indexOf(end)).replace(/\n$/, '');
  }

  close(): void {
    this.shell.stdin.end();
  }
}

/** A terminal in which a server runs until it is stopped. */
export class ServerTerminal {
  private process: ChildProcess | undefined;
  private output: Output | undefined;

  constructor(private readonly env: Variables) {}

  /** What the server has written on standard output since it was started. */
  get text(): string {
    return this.output?.standard ?? '';
  }

  /** Its complaints, or that it has ended. */
  get trouble(): string {
    return `${this.output?.errors ?? ''}${this.output?.isOver ? '\nIt has ended.' : ''}`;
  }

  /** Stops the server that runs here, and waits until the new one has written a text. */
  async start(command: string, cwd: string, until: string): Promise<void> {
    await this.stop();
    // A process group of its own, so that stopping reaches what npm has started.
    const child = spawn('sh', ['-c', command], {
      cwd,
      env: { ...this.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    this.output = new Output(child);
    await this.output.until(until);
  }

  /** Ctrl-C. */
  async stop(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child?.pid === undefined || this.output?.isOver) return;
    const closed = once(child, 'close');
    process.kill(-child.pid, 'SIGINT');
    await closed;
  }
}
