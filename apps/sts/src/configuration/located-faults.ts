import { type Fault, shownValue, withheld } from '@tessera/resource-model';
import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** A fault whose place is known without its path: one of syntax. */
interface PlacedFault extends Fault {
  readonly place?: Place;
}

/** A configuration file as it stands, with the places of what it says. */
export interface ConfigurationText {
  /** As it stands in the file. */
  readonly text: string;
  readonly content: unknown;
  /** What is wrong with the text itself: YAML that is none. */
  readonly faults: readonly PlacedFault[];
  /** Where the value of a path stands, or else the nearest thing around it. */
  locate(path: string): Place;
}

/** Reads YAML; JSON is YAML, too. */
export function parseConfigurationText(text: string): ConfigurationText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const faults: PlacedFault[] = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    syntaxFault(code === 'MULTIPLE_DOCS' ? 'the file must hold one document' : message, placeOf(lines, pos[0])),
  );
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return;
      faults.push(
        syntaxFault(
          'an alias has no anchor before it; quote text that begins with *',
          placeOf(lines, alias.range?.[0] ?? 0),
        ),
      );
    },
  });
  const content = faults.length > 0 ? undefined : contentOf(document, faults);
  return { text, content, faults, locate: (path) => locate(document, lines, steps(path)) };
}

/** What stands behind a colon or a percent sign in the parser's message is a piece of the file: it may be a secret. */
function syntaxFault(message: string, place: Place): PlacedFault {
  return { path: 'syntax', value: withheld, problem: message.replace(/(?::| %)[^]*$/, ''), place };
}

function contentOf(document: Document, faults: PlacedFault[]): unknown {
  try {
    const content = document.toJS({ maxAliasCount: 100 }) as unknown;
    // Throws where an alias stands inside of its own anchor.
    JSON.stringify(content);
    return content;
  } catch {
    faults.push(
      syntaxFault('the aliases of the file lead in circles, or multiply without end: write their values down', {
        line: 1,
        column: 1,
      }),
    );
    return undefined;
  }
}

/** `clients[0].clientId` -> `['clients', 0, 'clientId']` */
function steps(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, index]) => (index === undefined ? step : Number(index)));
}

function locate(document: Document, lines: LineCounter, path: (string | number)[]): Place {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return placeOf(lines, node.range[0]);
  }
  return placeOf(lines, document.contents?.range?.[0] ?? 0);
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: line || 1, column: col || 1 };
}

/** A fault as it is told: to people in a line, to programs with its parts. */
export interface LocatedFault extends Partial<Place> {
  readonly path: string;
  /** What is wrong, what was found unless it may be a secret, and what would be right. */
  readonly message: string;
}

/** First those of the environment, whose variables have no place, then those of the file from its top to its end. */
export function locateFaults(
  faults: readonly PlacedFault[],
  text: ConfigurationText | undefined,
): readonly LocatedFault[] {
  return faults
    .map(({ path, problem, value, place }) => ({
      ...(path.startsWith('STS_') ? undefined : (place ?? text?.locate(path))),
      path: path || 'the file',
      message: `${withoutName(problem, path)}${shownValue(path, value)}`,
    }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** One line for each fault, in the form that editors and terminals turn into a link: `sts.yaml:12:5`. */
export function describeFaults(faults: readonly LocatedFault[], file: string): string[] {
  return faults.map(({ line, column, path, message }) =>
    line === undefined ? `${path}: ${message}` : `${file}:${line}:${column} ${path}: ${message}`,
  );
}

/** The rules of the model begin with the property's name, which the path has said. */
function withoutName(problem: string, path: string): string {
  const name = /\w+$/.exec(path)?.[0];
  return name === undefined ? problem : problem.replaceAll(new RegExp(`(^|; )${name} (?=must)`, 'g'), '$1');
}
