import { readFileSync } from 'node:fs';

/** A fenced block of a guide: ```` ```sh walk terminal="server" ````. */
export interface FencedBlock {
  readonly language: string;
  /** What stands behind the language: words, and names with a value. */
  readonly words: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** Where it begins, for whoever has to mend it. */
  readonly line: number;
}

/** The fenced blocks of a page, in order. `page`: its path from `docs/`. */
export function fencedBlocks(page: string): FencedBlock[] {
  const markdown = readFileSync(new URL(`../docs/${page}`, import.meta.url), 'utf8');
  return [...markdown.matchAll(/^```(\w+)(.*)\n([\s\S]*?)^```$/gm)].map(({ 1: language, 2: info, 3: text, index }) => {
    const attributes = [...info!.matchAll(/([\w-]+)="([^"]*)"/g)].map(({ 1: name, 2: value }) => [name, value]);
    return {
      language: language!,
      words: info!
        .replace(/[\w-]+="[^"]*"/g, '')
        .split(' ')
        .filter(Boolean),
      attributes: Object.fromEntries(attributes),
      text: text!,
      line: markdown.slice(0, index).split('\n').length,
    };
  });
}
