import { paint } from '../terminal/paint.js';
import type { Print } from '../terminal/print.js';
import { readLogLine, type Weight, weights } from './log-line.js';

/** Which lines of the servers are shown at once. */
export type Loudness = Weight;

interface Entry {
  readonly weight: Weight;
  readonly lines: readonly string[];
}

/** What one server says: shows what matters, and keeps the last of the rest for the case that the server dies. */
export class ServerJournal {
  private static readonly kept = { all: 40, quiet: 10 };
  private unseen: Entry[] = [];
  private isHeld = true;

  constructor(
    private readonly tag: string,
    private readonly loudness: Loudness,
    private readonly print: Print,
  ) {}

  add(line: string): void {
    if (line.trim() === '') return;
    const { weight, text } = readLogLine(line);
    this.unseen.push({ weight, lines: text.split('\n').map((part) => this.prefixed(weight, part)) });
    if (!this.isHeld || this.loudness === 'quiet') this.showWhatMatters();
    this.unseen = this.unseen.slice(-ServerJournal.kept.all);
  }

  /** Until here a failed start would tell everything in one piece; from here on each line comes when it is said. */
  release(): void {
    this.isHeld = false;
    this.showWhatMatters();
  }

  /** The last lines that nobody has seen yet: few of those in which all is well, and what matters. */
  lastWords(): string[] {
    const latest = this.unseen.slice(-ServerJournal.kept.quiet);
    return this.unseen
      .filter((entry) => entry.weight !== 'quiet' || latest.includes(entry))
      .flatMap(({ lines }) => lines);
  }

  private showWhatMatters(): void {
    const matters = ({ weight }: Entry) => weights.indexOf(weight) >= weights.indexOf(this.loudness);
    for (const { lines } of this.unseen.filter(matters)) this.print(...lines);
    this.unseen = this.unseen.filter((entry) => !matters(entry));
  }

  private prefixed(weight: Weight, text: string): string {
    const style = weight === 'error' ? 'red' : weight === 'warning' ? 'yellow' : 'gray';
    return `${paint('cyan', `${this.tag} |`)} ${paint(style, text)}`;
  }
}
