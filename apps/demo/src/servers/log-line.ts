import { plainText } from '../terminal/plain-text.js';

/** How much a line matters: what goes well, what to look at, what went wrong. */
export const weights = ['quiet', 'warning', 'error'] as const;
export type Weight = (typeof weights)[number];

export interface LogLine {
  readonly weight: Weight;
  /** For a person; more than one line where a stack came along. */
  readonly text: string;
}

const weightOfLevel: Readonly<Record<string, Weight>> = { warn: 'warning', error: 'error', fatal: 'error' };

/** Members that are said otherwise, or that nobody reads in a terminal. */
const unsaid = new Set(['level', 'message', 'msg', 'context', 'stack', 'err', 'timestamp', 'time', 'pid']);

/** Makes a line of the servers' JSON logs readable. A line that is no JSON was not meant for a log: it is worth a look. */
export function readLogLine(line: string): LogLine {
  const entry = parseEntry(line);
  if (!entry) return { weight: 'warning', text: plainText(line) };
  const { level, context } = entry;
  const message = entry.message ?? entry.msg;
  const stack = entry.stack ?? stackOf(entry.err);
  const weight = (typeof level === 'string' && weightOfLevel[level]) || 'quiet';
  const members = Object.entries(entry).filter(([name]) => !unsaid.has(name));
  const words = [
    String(level).toUpperCase(),
    context && `[${say(context)}]`,
    message && say(message),
    ...members.map(([name, value]) => `${name}=${sayValue(value)}`),
  ];
  const stackLines = stack ? `\n${say(stack)}` : '';
  return { weight, text: plainText(words.filter(Boolean).join(' ') + stackLines) };
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    return 'level' in entry ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** An error as pino writes it: an object with a stack, or whatever was thrown. */
function stackOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'stack' in error ? error.stack : error;
}

function say(value: unknown): string {
  if (Array.isArray(value)) return value.map(say).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Quoted where it would run into the next one. */
function sayValue(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
