import { Injectable, Optional } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { Interaction } from '@tessera/resource-model';
import { AuthorizeStanding, type Stand } from '../authorize/authorize-standing.js';
import { RedirectedError } from '../authorize/redirected.error.js';
import type { Form } from '../http/decode.js';
import type { HttpRequest } from '../http/message.js';
import { ConsentViews } from './consent-views.js';
import { canBeRemembered, claimsOf } from './consents.js';
import { ExternalProviders, providersFor } from './external-providers.js';
import { InteractionViews } from './interaction-views.js';
import { Interactions } from './interactions.js';
import type { PendingInteraction } from './views.js';

/** An authorize request that waits: as it is kept, where it stands now, and as a page shows it. */
export interface Pending {
  readonly interaction: Interaction;
  /** None where the request is over, and only its answer is due. */
  readonly stand?: Stand;
  readonly view: Omit<PendingInteraction, 'account'>;
}

/** What the authorize endpoint waits for. */
@Injectable()
export class PendingInteractions {
  constructor(
    private readonly interactions: Interactions,
    private readonly standing: AuthorizeStanding,
    private readonly views: InteractionViews,
    private readonly consentViews: ConsentViews,
    @Optional() private readonly providers?: ExternalProviders,
  ) {}

  /** That of the parameter `interaction` unless another is named, if it is this browser's and can still be answered. */
  async find(http: HttpRequest, id = parameterOf(http, 'interaction')): Promise<Pending | undefined> {
    const interaction = id === undefined ? undefined : await this.interactions.find(http, id, 'authorize');
    if (id === undefined || !interaction) return undefined;
    try {
      const stand = await this.standing.again(http, interaction);
      return { interaction, stand, view: await this.view(id, stand) };
    } catch (error) {
      // The answer is certain already, and the authorize endpoint gives it to the client: the person goes there.
      if (error instanceof RedirectedError) return { interaction, view: this.views.over(id, error.target) };
      // The client is gone: nothing can come of it any more.
      if (error instanceof OAuthError) return undefined;
      throw error;
    }
  }

  private async view(id: string, { request, step }: Stand): Promise<Pending['view']> {
    const providers = providersFor(request.client, (await this.providers?.list()) ?? []);
    const view = this.views.pending(id, request, step, providers);
    if (step !== 'consent') return view;
    const asked = { scopes: request.scopes, claims: claimsOf(request), details: request.details };
    return { ...view, consent: await this.consentViews.of(asked, canBeRemembered(request)) };
  }
}

/** A parameter that pages carry along, in the form or in the address. */
export function parameterOf({ method, body, query }: HttpRequest, name: string): string | undefined {
  const [form, search] = [(method === 'POST' ? (body ?? {}) : {}) as Form, (query ?? {}) as Form];
  const value = form[name] ?? search[name];
  return typeof value === 'string' && value !== '' && value.length <= 512 ? value : undefined;
}
