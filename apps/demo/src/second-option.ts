import { registeredSecond } from './demo-data.js';

/** `--second` may stand alone, which parseArgs knows of no option that can have a value: here it gets the usual one. */
export function withSecondAddress(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const isAlone = arg === '--second' && (args[index + 1] ?? '-').startsWith('-');
    return isAlone ? `--second=${registeredSecond}` : arg;
  });
}
