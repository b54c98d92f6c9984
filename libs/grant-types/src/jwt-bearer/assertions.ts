import type { Client } from '@tessera/resource-model';
import type { Person } from '../authorization.js';

/** What another server asserts about a person (RFC 7523 §3). */
export interface Assertion {
  /** The person here. */
  readonly person: Person;
  /** The scopes that may come of it. */
  readonly scopes: readonly string[];
  /** Uses the assertion up: one atomic step. False: it was used before. */
  use(): Promise<boolean>;
}

/** Reads the assertions of servers that are trusted. The server that issues tokens answers. */
export abstract class Assertions {
  /** Whether there is somebody whose assertions the client may present. */
  abstract mayPresent(client: Client): boolean;

  /** The content of a good assertion. @throws OAuthError `invalid_grant` */
  abstract read(assertion: string, client: Client): Promise<Assertion>;
}
