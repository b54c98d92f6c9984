import type { LoggerService } from '@nestjs/common';
import { destination, type DestinationStream, type Logger, pino } from 'pino';

/** The server's log: JSON lines, by default on standard output and without holding up requests. */
export function createServerLog(
  level: string,
  stream: DestinationStream = destination({ dest: 1, sync: false }),
): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** As much as a pipe takes at once: lines of several processes never mix. */
const pipeBytes = 4096;

/** The log of one of several processes that write to the same output: each line says which. */
export function createWorkerLog(level: string): Logger {
  return createServerLog(level, destination({ dest: 1, sync: false, maxWrite: pipeBytes })).child({
    worker: process.pid,
  });
}

/** Those parts of Nest that tell, while it starts, what it is made of. */
const ofNest = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication'];

/** What Nest and the engine say goes into the same log. */
export class NestLog implements LoggerService {
  constructor(private readonly pinoLog: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(ofNest.includes(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest passes the context last, and before it, with an error, the stack. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const stack = rest.length > 1 ? rest[0] : undefined;
    const err = message instanceof Error ? message : stack;
    this.pinoLog[level]({ context, err }, message instanceof Error ? message.message : String(message));
  }
}
