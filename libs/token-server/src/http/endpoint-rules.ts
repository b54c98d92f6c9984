import type { EndpointName } from '../token-server.options.js';

/** What a protocol endpoint lets in. */
export interface EndpointRules {
  /** The switch in the options that turns it off. */
  readonly name: EndpointName;
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[];
  /** Which web pages may call it: every one, those of origins that a client lists, or none: a browser goes there itself. */
  readonly origins: 'any' | 'clients' | 'none';
  /** Where the body must be a form: the status that answers anything else. */
  readonly formOr?: 400 | 415;
}

/** The metadata key under which a controller carries its rules. */
export const ENDPOINT_RULES = 'tessera:endpoint-rules';
