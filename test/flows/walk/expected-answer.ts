import { expect } from '@jest/globals';

const anything = '…';

/**
 * Compares what a command printed with what the guide shows. `…` stands for anything: within a text, or as a property of its own
 * for all the properties that are not shown.
 */
export function expectAnswer(language: string, shown: string, printed: string): void {
  if (language === 'json') expect(JSON.parse(printed)).toEqual(matcherOf(JSON.parse(shown)));
  else expect(printed.replaceAll('\r', '')).toMatch(patternOf(shown.trim()));
}

function matcherOf(shown: unknown): unknown {
  if (typeof shown === 'string') {
    return shown.includes(anything) ? expect.stringMatching(new RegExp(`^${patternOf(shown).source}$`)) : shown;
  }
  if (Array.isArray(shown)) return shown.map(matcherOf);
  if (typeof shown !== 'object' || shown === null) return shown;
  const { [anything]: rest, ...properties } = shown as Record<string, unknown>;
  const matchers = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, matcherOf(value)]));
  return rest === undefined ? matchers : expect.objectContaining(matchers);
}

function patternOf(shown: string): RegExp {
  return new RegExp(shown.split(anything).map(escape).join('[\\s\\S]*?'));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
