import { Injectable } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionPages, type Problem } from '@tessera/token-server';
import { Liquid } from 'liquidjs';
import { setPageHeaders } from './page-headers.js';
import { templates } from './templates.js';

/** Where the pages of this application are, below the issuer. */
export const paths = {
  signIn: 'login',
  chooseAccount: 'who',
  consent: 'permissions',
  device: 'device',
  backchannel: 'questions',
  signOut: 'logout',
  signedOut: 'goodbye',
} as const;

/** A page to be shown; `data` is for its template. */
export interface Page {
  readonly template: keyof typeof templates;
  readonly title: string;
  /** 200 where it is not said. */
  readonly status?: number;
  /** What went wrong with the form. */
  readonly notice?: string;
  /** Where its forms may be redirected to, beyond this server. */
  readonly formTargets?: readonly string[];
  readonly frames?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The pages of this application. */
@Injectable()
export class OwnPages extends InteractionPages {
  readonly paths = paths;
  // Whatever a template puts out is escaped: names of clients are their own, user names are whatever was typed.
  private readonly engine = new Liquid({
    templates,
    outputEscape: 'escape',
    ownPropertyOnly: true,
    strictFilters: true,
  });

  async show(reply: HttpReply, { template, title, status = 200, notice, data, ...policy }: Page): Promise<void> {
    const html = (await this.engine.renderFile(template, { ...data, title, notice })) as string;
    setPageHeaders(reply, policy);
    reply.status(status).send(html);
  }

  /** An address that leads nowhere any more: used up, too old, or of another browser. */
  async showLost(reply: HttpReply): Promise<void> {
    await this.show(reply, { template: 'lost', title: 'This page has expired', status: 404 });
  }

  async showProblem({ status, ...problem }: Problem, _request: HttpRequest, reply: HttpReply): Promise<void> {
    await this.show(reply, { template: 'problem', title: 'This does not work', status, data: { problem } });
  }
}
