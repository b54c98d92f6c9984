import { Inject, Injectable } from '@nestjs/common';
import { GrantTypes } from '@tessera/protocol';
import {
  type BackchannelAuthentication,
  BackchannelAuthenticationStore,
  type BackchannelDecision,
  type Client,
  ClientStore,
  Clock,
  type Session,
} from '@tessera/resource-model';
import { admits, isRecent, reaches } from '../authorize/next-step.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import type { BackchannelQuestionView } from './views.js';

/** What a client asks a person, and nobody has answered. */
export interface WaitingQuestion {
  readonly asked: BackchannelAuthentication;
  readonly client: Client;
}

/** Finds what waits for a person's word, and judges whether the sign-in is good enough to give it. */
@Injectable()
export class WaitingQuestions {
  constructor(
    private readonly store: BackchannelAuthenticationStore,
    private readonly clients: ClientStore,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** The latest first. */
  async of(subject: string): Promise<readonly WaitingQuestion[]> {
    const all = await this.store.waitingFor(subject, this.clock.now());
    const found = await Promise.all(all.map((asked) => this.withClient(asked)));
    return found.filter((question) => question !== undefined);
  }

  /** Undefined: there is none, it asks somebody else, was answered, or is over. */
  async find(id: string, subject: string): Promise<WaitingQuestion | undefined> {
    const asked = await this.store.find(id, subject);
    if (!asked || asked.decision || asked.expiresAt <= this.clock.now()) return undefined;
    return this.withClient(asked);
  }

  /** Undefined where somebody was faster, or it has ended meanwhile. */
  decide({ id, subject }: BackchannelAuthentication, decision: BackchannelDecision) {
    return this.store.decide(id, subject, decision, this.clock.now());
  }

  /** What is wrong with the sign-in, as it would be at the authorize endpoint. */
  signInFault({ asked, client }: WaitingQuestion, session: Session): BackchannelQuestionView['signInFault'] {
    if (!admits(client, session)) return 'notAdmitted';
    const { contextClasses = [] } = asked;
    if (!reaches({ contextClasses }, session, this.options.authenticationLevels)) return 'tooWeak';
    return this.isTooOld(asked, client, session) ? 'tooOld' : undefined;
  }

  /** The level that the client asked for, where there are several: a stronger one may be a word that it does not know. */
  contextClass({ contextClasses }: BackchannelAuthentication, { authentication }: Session): string | undefined {
    return this.options.authenticationLevels.nameFor(authentication.methods, contextClasses);
  }

  /** One made since the client asked is recent enough. */
  private isTooOld({ createdAt }: BackchannelAuthentication, client: Client, { authentication }: Session): boolean {
    if (authentication.time > createdAt) return false;
    return !isRecent(authentication.time, client.defaultMaxAge, client, this.clock.now());
  }

  private async withClient(asked: BackchannelAuthentication): Promise<WaitingQuestion | undefined> {
    const client = await this.clients.find(asked.clientId);
    // As it is when the client comes for the answer.
    return client?.enabled && client.allowedGrantTypes.includes(GrantTypes.ciba) ? { asked, client } : undefined;
  }
}
