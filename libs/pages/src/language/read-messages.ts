import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, suggestion, withheld } from '@tessera/resource-model';
import { lastResort, MessageCatalogue } from './message-catalogue.js';
import { type Messages, placeholdersOf, readMessage } from './message-file.js';

/** What texts may have keys that are not ours: for templates, scopes and claims of one's own. */
const ownKeys = /^(?:own|scope|claim)\./;

/** What was read, and what is wrong with it. */
interface Reading {
  readonly catalogue: MessageCatalogue;
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

/** Reads our texts, whose English says which keys there are, and over them those of an application. */
export function readMessages(ours: string, own: string | undefined): Reading {
  const faults: Fault[] = [];
  const byLanguage = readFolder(ours, 'messages', []);
  const keys = byLanguage.get(lastResort)!;
  const added = own === undefined ? new Map<string, Messages>() : readFolder(own, 'messages', faults);
  for (const [language, messages] of added) {
    for (const [key, text] of messages) faults.push(...faultsOfText(own!, language, key, text, keys));
    byLanguage.set(language, new Map([...(byLanguage.get(language) ?? []), ...messages]));
  }
  return { catalogue: new MessageCatalogue(byLanguage), faults, warnings: gaps(byLanguage, keys) };
}

function readFolder(folder: string, option: string, faults: Fault[]): Map<string, Messages> {
  const found = new Map<string, Messages>();
  for (const name of namesIn(folder, option, faults)) {
    const language = name.replace(/\.json$/, '');
    const path = join(folder, name);
    if (canonical(language) === language) found.set(language, readFile(path, faults));
    else
      faults.push({
        path,
        value: language,
        problem: `must be named after a language, as ${canonical(language) ?? 'it'}.json`,
      });
  }
  return found;
}

function namesIn(folder: string, option: string, faults: Fault[]): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    if (names.length === 0) faults.push({ path: option, value: folder, problem: 'has no file <language>.json in it' });
    return names;
  } catch (error) {
    faults.push({
      path: option,
      value: folder,
      problem: `must be a folder that can be read: ${(error as Error).message}`,
    });
    return [];
  }
}

function readFile(path: string, faults: Fault[]): Messages {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isTextMap(content)) return new Map(Object.entries(content));
    faults.push({ path, value: content, problem: 'must be an object whose values are text' });
  } catch (error) {
    faults.push({ path, value: withheld, problem: `cannot be read as JSON: ${(error as Error).message}` });
  }
  return new Map();
}

function isTextMap(content: unknown): content is Record<string, string> {
  return (
    typeof content === 'object' &&
    content !== null &&
    !Array.isArray(content) &&
    Object.values(content).every((text) => typeof text === 'string')
  );
}

function canonical(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}

/** What an application says instead of us must say it about the same things. */
function faultsOfText(folder: string, language: string, key: string, text: string, keys: Messages): Fault[] {
  const path = `${join(folder, language)}.json: ${key}`;
  const ours = keys.get(key);
  if (ours === undefined && !ownKeys.test(key)) {
    const problem = `is no text of the pages; one of your own begins with own.${suggestion(key, keys.keys())}`;
    return [{ path, value: text, problem }];
  }
  try {
    const used = placeholdersOf(readMessage(text, language));
    const due = ours === undefined ? used : placeholdersOf(readMessage(ours, lastResort));
    if (used.join() === due.join()) return [];
    return [{ path, value: text, problem: `must have ${shown(due)}` }];
  } catch (error) {
    return [{ path, value: text, problem: `is not an ICU message: ${(error as Error).message}` }];
  }
}

function shown(names: readonly string[]): string {
  if (names.length === 0) return 'no placeholder';
  return `the placeholder${names.length > 1 ? 's' : ''} ${names.map((name) => `{${name}}`).join(' and ')} and no other`;
}

/** A language that lacks texts is served all the same, in part in English: a new version of the pages must not stop an old server. */
function gaps(byLanguage: ReadonlyMap<string, Messages>, keys: Messages): Fault[] {
  return [...byLanguage].flatMap(([language, messages]) => {
    const base = language.split('-')[0]!;
    const missing = [...keys.keys()].filter((key) => !messages.has(key) && !byLanguage.get(base)?.has(key));
    if (missing.length === 0) return [];
    const some = missing.slice(0, 5).join(', ');
    const rest = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
    return [{ path: `messages ${language}`, value: withheld, problem: `English stands in for ${some}${rest}` }];
  });
}
