/** What a parameter may look like on the wire. */
export interface ParameterRule {
  /** Absent or empty is `invalid_request` (RFC 6749 §3.1: an empty value counts as absent). */
  required?: boolean;
  /** The longest value that is read, in UTF-16 code units. Default 2048. */
  maxLength?: number;
  /** The parameter may be sent several times and is read as a `string[]` (`resource`, RFC 8707 §2). */
  repeatable?: boolean;
}

/** One declared parameter: where it goes in the class, how it is called on the wire. */
export interface ParameterDefinition extends Required<ParameterRule> {
  readonly property: string;
  /** The wire name: the property in snake_case. */
  readonly name: string;
}

const declared = new WeakMap<object, ParameterDefinition[]>();

/** Declares a property of a parameter class: `@Parameter({ required: true }) refreshToken!: string` reads `refresh_token`. */
export function Parameter(rule: ParameterRule = {}): (target: object, property: string) => void {
  return (target, property) => {
    const own = declared.get(target.constructor) ?? [];
    own.push({
      property,
      name: property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      required: rule.required ?? false,
      maxLength: rule.maxLength ?? 2048,
      repeatable: rule.repeatable ?? false,
    });
    declared.set(target.constructor, own);
  };
}

/** The parameters declared on a class and on those it extends. */
export function parametersOf(type: new () => object): readonly ParameterDefinition[] {
  const definitions: ParameterDefinition[] = [];
  for (let current: unknown = type; typeof current === 'function'; current = Object.getPrototypeOf(current)) {
    definitions.unshift(...(declared.get(current) ?? []));
  }
  return definitions;
}
