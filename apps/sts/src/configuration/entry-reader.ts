import { type Fault, propertiesOf, type Secret, suggestion, withheld } from '@tessera/resource-model';
import { readKeptSecret } from './kept-secret.js';
import { readAuthorities } from './authority-entry.js';
import { readSecret } from './secret-entry.js';

/** An object of the file: its known keys, whose values nobody has looked at yet. */
export type Entry = Record<string, unknown>;

/**
 * Takes apart what was parsed, and notes what has the wrong shape and what is unknown. Something in the place of each faulty item keeps the numbers
 * in the paths right.
 */
export class EntryReader {
  readonly faults: Fault[] = [];

  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  /** The object under a key, where it is there. */
  nested(entry: Entry, key: string, parent: string, type: Function): Entry | undefined {
    return entry[key] === undefined ? undefined : this.model(entry[key], `${parent}.${key}`, type);
  }

  /** A section of the file itself, where it is there. */
  settings(file: Entry, key: string, type: Function): Entry | undefined {
    return file[key] === undefined ? undefined : this.model(file[key], key, type);
  }

  /** Settings with authorities, whose certificates may stand in files of their own. */
  trusting(file: Entry, key: string, type: Function): Entry | undefined {
    const entry = this.settings(file, key, type);
    const read = (value: unknown, path: string) => readAuthorities(value, path, this.faults);
    const found = entry && this.list(entry, 'certificateAuthorities', key, read);
    return found ? { ...entry, certificateAuthorities: found.flat() } : entry;
  }

  secrets(entry: Entry, key: string, path: string): Secret[] {
    return this.list(entry, key, path, (secret, at) => this.secret(secret, at)) ?? [];
  }

  secret(value: unknown, path: string): Secret {
    return readSecret(value, path, this.variables, this.faults);
  }

  /** One that is kept as it is. */
  keptSecret(value: unknown, path: string): unknown {
    return readKeptSecret(value, path, this.variables, this.faults);
  }

  /** A list of the file itself. In the place of what is no list stands one faulty item: nothing else is then blamed for lacking it. */
  items<T>(file: Entry, key: string, read: (value: unknown, path: string) => T): T[] {
    return this.list(file, key, '', read) ?? (key in file ? [read({}, `${key}[0]`)] : []);
  }

  /** Undefined where it is not there or, noted as a fault, is no list. */
  list<T>(entry: Entry, key: string, parent: string, read: (value: unknown, path: string) => T): T[] | undefined {
    const value = entry[key];
    if (value === undefined) return undefined;
    const path = parent === '' ? key : `${parent}.${key}`;
    if (Array.isArray(value)) return value.map((item, index) => read(item, `${path}[${index}]`));
    this.fault(path, value, 'must be a list');
    return undefined;
  }

  /** An object with the properties that a class of the model knows, and `more`. */
  model(value: unknown, path: string, type: Function, more: readonly string[] = []): Entry {
    return this.entry(value, path, `a property of ${type.name}`, [...propertiesOf(type), ...more]);
  }

  /**
   * The known keys of an object. Empty ones are left out: what is written down without a value counts as absent. The value of an
   * unknown key is not repeated: `pasword: …` holds a password.
   */
  entry(value: unknown, path: string, what: string, known: readonly string[]): Entry {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fault(path, value, 'must be an object: keys with values');
      return {};
    }
    for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
      const others = known.length > 10 ? '' : `, which are ${known.join(', ')}`;
      this.fault(path === '' ? key : `${path}.${key}`, withheld, `is not ${what}${others}${suggestion(key, known)}`);
    }
    return Object.fromEntries(Object.entries(value).filter(([key, given]) => given !== null && known.includes(key)));
  }

  fault(path: string, value: unknown, problem: string): void {
    this.faults.push({ path, value, problem });
  }
}
