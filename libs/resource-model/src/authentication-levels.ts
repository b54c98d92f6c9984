import { ArrayNotEmpty, IsArray, Matches } from 'class-validator';
import { type Fault, faultsOf } from './configuration/fault.js';

/** A level of authentication (an Authentication Context Class, OpenID Connect Core §2), and what a sign-in must have used to reach it. */
export class AuthenticationLevel {
  /** The value of `acr`: a URI or a name without spaces. */
  @Matches(/^[\x21\x23-\x5B\x5D-\x7E]{1,200}$/, {
    message: '$property must be 1 to 200 printable ASCII characters without space, quote and backslash',
  })
  acr!: string;

  /** Ways to reach it. Each is a list of methods by their names in RFC 8176 (`pwd`, `otp`, `hwk`), all of which must have been used. */
  @IsArray()
  @ArrayNotEmpty()
  ways!: string[][];

  constructor(init: Pick<AuthenticationLevel, 'acr' | 'ways'>) {
    Object.assign(this, init);
  }
}

/** The levels that a server knows, from the weakest to the strongest: who reached one has reached those before it as well. */
export class AuthenticationLevels {
  constructor(private readonly levels: readonly AuthenticationLevel[]) {}

  get names(): readonly string[] {
    return this.levels.map(({ acr }) => acr);
  }

  /** Whether a sign-in by these methods is good enough for the level. */
  isReached(acr: string, methods: readonly string[]): boolean {
    const wanted = this.names.indexOf(acr);
    return wanted >= 0 && this.strongest(methods) >= wanted;
  }

  /**
   * What a sign-in by these methods is called: the first of the levels asked for that it reached, so that whoever asked finds its own word
   * (OpenID Connect Core §3.1.2.1: in order of preference), else the strongest that it reached.
   */
  nameFor(methods: readonly string[], asked: readonly string[] = []): string | undefined {
    return asked.find((acr) => this.isReached(acr, methods)) ?? this.levels[this.strongest(methods)]?.acr;
  }

  private strongest(methods: readonly string[]): number {
    return this.levels.findLastIndex(({ ways }) => ways.some((way) => way.every((method) => methods.includes(method))));
  }
}

/** What is wrong with the levels of a configuration. */
export function authenticationLevelFaults(levels: readonly AuthenticationLevel[], path: string): Fault[] {
  return levels.flatMap((level, index) => {
    const at = `${path}[${index}]`;
    const own = faultsOf(level, at);
    const isRepeated = levels.findIndex(({ acr }) => acr === level.acr) < index;
    if (isRepeated)
      own.push({
        path: `${at}.acr`,
        value: level.acr,
        problem: 'is there already; each level has one place in the order',
      });
    const isWay = (way: unknown) =>
      Array.isArray(way) && way.length > 0 && way.every((method) => typeof method === 'string' && method !== '');
    if (Array.isArray(level.ways) && !level.ways.every(isWay)) {
      const problem = "must be lists of methods, each with at least one: [['pwd', 'otp'], ['hwk']]";
      own.push({ path: `${at}.ways`, value: level.ways, problem });
    }
    return own;
  });
}
