import type { SigningAlgorithm } from '@tessera/protocol';
import type { Client } from '../client.js';
import type { Configuration } from '../configuration/configuration.js';

/** What a rule looks at: a client, and the server that it uses. */
export interface ProfileSubject {
  readonly client: Client;
  readonly configuration: Configuration;
  /** Those that the server keeps keys for; the first signs where nobody asks for another. */
  readonly signingAlgorithms: readonly SigningAlgorithm[];
  /** Those that DPoP proofs may be signed with. */
  readonly dpopAlgorithms: readonly SigningAlgorithm[];
}

/** One thing that a specification asks for, as far as settings decide it. */
export interface ProfileRule {
  /** The specification and its section. */
  readonly source: string;
  /** What it asks for, in one sentence. */
  readonly rule: string;
  /** The property of the client that decides it. */
  readonly property: keyof Client;
  readonly holds: (subject: ProfileSubject) => boolean;
  /** What would make it hold: the setting and its value. */
  readonly mend: string;
}
