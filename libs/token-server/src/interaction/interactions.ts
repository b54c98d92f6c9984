import { Inject, Injectable } from '@nestjs/common';
import {
  Clock,
  createHandle,
  hashHandle,
  type Interaction,
  type InteractionAnswers,
  InteractionStore,
  networkOf,
} from '@tessera/resource-model';
import type { HttpReply, HttpRequest } from '../http/message.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { Browsers } from './browsers.js';

/** What an interaction begins with. */
type Beginning = Pick<Interaction, 'kind' | 'clientId' | 'parameters' | 'pushedRequest'> & {
  readonly answers?: InteractionAnswers;
};

/** Requests that wait for a person, each in the one browser that brought it. */
@Injectable()
export class Interactions {
  constructor(
    private readonly store: InteractionStore,
    private readonly browsers: Browsers,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Gives its id. */
  async begin(request: HttpRequest, reply: HttpReply, beginning: Beginning): Promise<string> {
    const id = createHandle();
    const now = this.clock.now();
    await this.store.add({
      answers: {},
      ...beginning,
      handleHash: hashHandle(id),
      browserHash: this.browsers.bind(request, reply),
      network: request.ip === undefined ? undefined : networkOf(request.ip),
      createdAt: now,
      expiresAt: now + this.options.sessions.interactionLifetime,
    });
    return id;
  }

  /** Undefined for one that is over, of another kind, or of another browser: a stolen address is worth nothing. */
  async find(request: HttpRequest, id: string, kind: Interaction['kind']): Promise<Interaction | undefined> {
    const found = await this.store.find(hashHandle(id));
    const isOpen = found?.kind === kind && found.expiresAt > this.clock.now();
    return isOpen && found.browserHash === this.browsers.known(request) ? found : undefined;
  }

  /** False where it is over. */
  async answer(interaction: Interaction, answers: InteractionAnswers): Promise<boolean> {
    return this.store.answer(interaction.handleHash, answers);
  }

  /** Ends it. False where somebody else was faster: nothing must come of it twice. */
  async finish(interaction: Interaction): Promise<boolean> {
    return (await this.store.take(interaction.handleHash)) !== undefined;
  }
}
