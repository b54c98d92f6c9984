import { describeFault, type Fault } from '@tessera/resource-model';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';

/** A configuration file as it stands, with the places of what it says. */
export interface ConfigurationText {
  readonly content: unknown;
  /** What is wrong with the text itself: YAML that is none. */
  readonly faults: readonly Fault[];
  /** Where the value of a path stands: `12:5`, or that of the nearest thing around it. */
  locate(path: string): string | undefined;
}

/** Reads YAML; JSON is YAML, too. */
export function parseConfigurationText(text: string): ConfigurationText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const faults = document.errors.map(({ message }) => ({
    path: 'syntax',
    value: undefined,
    problem: message.replace(/:\n[^]*$/, ''),
  }));
  return {
    content: faults.length > 0 ? undefined : (document.toJS({ maxAliasCount: 100 }) as unknown),
    faults,
    locate: (path) => place(document, lines, steps(path)),
  };
}

/** `clients[0].clientId` -> `['clients', 0, 'clientId']` */
function steps(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, index]) => (index === undefined ? step : Number(index)));
}

function place(document: Document, lines: LineCounter, path: (string | number)[]): string | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (!isNode(node) || !node.range) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return `${line}:${col}`;
  }
  return undefined;
}

/** One line a fault, in the form that editors and terminals turn into a link: `sts.yaml:12:5`. */
export function describeLocatedFault(fault: Fault, file: string, text: ConfigurationText): string {
  const location = text.locate(fault.path);
  return location === undefined ? describeFault(fault) : `${file}:${location} ${describeFault(fault)}`;
}
