import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { Form } from '../http/decode.js';
import { AuthorizeChecklist } from './authorize-checklist.js';
import type { AuthorizeRequest, KeptRequest } from './authorize-request.js';
import { AuthorizeTargets } from './authorize-targets.js';
import { RedirectedError } from './redirected.error.js';
import { RequestSources, type ResolvedRequest } from './request-sources.js';
import { legible, wayOfRefusal } from './way-of-refusal.js';

/** Reads authorize requests, those of browsers, those that clients push and those that waited for a person, by the same rules. */
@Injectable()
export class AuthorizeRequests {
  constructor(
    private readonly sources: RequestSources,
    private readonly targets: AuthorizeTargets,
    private readonly checklist: AuthorizeChecklist,
  ) {}

  /**
   * What counts of it, client and redirect URI, and then the rest (RFC 6749 §4.1.2.1): whatever is wrong with that is told to the client.
   * @throws OAuthError for our own error page, RedirectedError for the client
   */
  async read(form: Form): Promise<AuthorizeRequest> {
    return this.examine(await this.resolve(form));
  }

  /** One that waited: what counts of it is known. @throws as {@link read} */
  async readKept({ parameters, pushedRequest }: KeptRequest): Promise<AuthorizeRequest> {
    return this.examine({ form: parameters, pushedRequest });
  }

  /** One that the client itself sends ahead: it is there to be told what is wrong. @throws OAuthError */
  async readPushed(form: Form, client: Client): Promise<AuthorizeRequest> {
    const resolved = await this.sources.resolvePushed(form, client);
    return this.checklist.read(resolved, await this.targets.of(resolved.form));
  }

  private async resolve(form: Form): Promise<ResolvedRequest> {
    try {
      return await this.sources.resolve(form);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const said = legible(form);
      const target = await this.targets.of(said).catch(() => undefined);
      throw target ? new RedirectedError({ ...target, ...wayOfRefusal(said, target.client) }, error) : error;
    }
  }

  private async examine(resolved: ResolvedRequest): Promise<AuthorizeRequest> {
    const target = await this.targets.of(resolved.form);
    try {
      return await this.checklist.read(resolved, target);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      throw new RedirectedError({ ...target, ...wayOfRefusal(resolved.form, target.client) }, error);
    }
  }
}
