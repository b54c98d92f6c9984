import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { shownValue, withheld } from './shown-value.js';
import { suggestion } from './suggestion.js';

/** Something wrong in a configuration: where, what stands there, and what would be right. */
export interface Fault {
  /** As one would write it in code: `clients[0].accessTokenLifetime`. */
  readonly path: string;
  /** What was found; undefined where something is missing. */
  readonly value: unknown;
  /** What is wrong with it and what would be right. */
  readonly problem: string;
}

/** Checks an object by the rules of its class; a property that the class does not have is a fault, too. */
export function faultsOf(target: object, path: string): Fault[] {
  return validateSync(target, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true }).flatMap(
    (error) => flatten(error, path),
  );
}

function flatten(error: ValidationError, parent: string): Fault[] {
  const path = /^\d+$/.test(error.property) ? `${parent}[${error.property}]` : join(parent, error.property);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
    rule === 'whitelistValidation'
      ? { path, value: withheld, problem: unknownProperty(error) }
      : { path, value: error.value as unknown, problem: message },
  );
  return [...mergeByPath(own), ...(error.children ?? []).flatMap((child) => flatten(child, path))];
}

/** Several broken rules of one value read better as one fault; of something missing the last rule, its type, says enough. */
function mergeByPath(faults: Fault[]): Fault[] {
  const last = faults.at(-1);
  if (!last) return [];
  return [last.value === undefined ? last : { ...last, problem: faults.map(({ problem }) => problem).join('; ') }];
}

function unknownProperty({ property, target }: ValidationError): string {
  const type = target?.constructor ?? Object;
  return `is not a property of ${type.name}${suggestion(property, propertiesOf(type))}`;
}

/** The properties that a model class declares rules for: all that it has. */
export function propertiesOf(type: Function): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

function join(parent: string, property: string): string {
  return parent === '' ? property : `${parent}.${property}`;
}

/** One line for people: path, problem, and the value that was found, unless it is or may be a secret. */
export function describeFault({ path, value, problem }: Fault): string {
  return `${path}: ${problem}${shownValue(path, value)}`;
}

/** Thrown when a configuration cannot be used: it holds every fault at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly faults: readonly Fault[],
    source = 'The configuration',
  ) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super(`${source} has ${count}:\n${faults.map((fault) => `  - ${describeFault(fault)}`).join('\n')}`);
    // Whoever prints the whole error must not print the values with it, which may be secrets: the message shows those that are none.
    Object.defineProperty(this, 'faults', { enumerable: false });
  }
}
