import type { HttpReply, HttpRequest } from '../http/message.js';
import type { Problem } from './views.js';

/** Paths of the pages, below the issuer and without a leading slash. */
export interface PagePaths {
  readonly signIn: string;
  readonly chooseAccount: string;
  readonly consent: string;
  /** None: nobody can register here, and `prompt=create` is refused. */
  readonly createAccount?: string;
  readonly device: string;
  /** Where people answer what clients ask them from elsewhere (CIBA). None: no client can ask anybody. */
  readonly backchannel?: string;
  readonly signOut: string;
  readonly signedOut: string;
}

/** The pages that the protocol sends people to. An application with pages of its own provides this one class, and its controllers. */
export abstract class InteractionPages {
  abstract readonly paths: PagePaths;

  /** Answers a person's browser where the protocol cannot: wrong client, wrong redirect URI, a fault of the server. */
  abstract showProblem(problem: Problem, request: HttpRequest, reply: HttpReply): Promise<void>;
}
