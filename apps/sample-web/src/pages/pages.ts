import { fileURLToPath } from 'node:url';
import { Inject, Injectable } from '@nestjs/common';
import { Liquid } from 'liquidjs';
import { ENVIRONMENT, type Environment } from '../environment.js';
import type { WebReply } from '../http/exchange.js';
import { icon, stylesheet } from './assets.js';

export type PageName = 'welcome' | 'home' | 'signed-out' | 'error';

/** Renders the templates. Whatever they show is escaped, and a variable that they do not get is an error. */
@Injectable()
export class Pages {
  private readonly liquid: Liquid;

  constructor(@Inject(ENVIRONMENT) { clientId }: Environment) {
    this.liquid = new Liquid({
      // As far from src/ as from dist/.
      root: fileURLToPath(new URL('../../templates/', import.meta.url)),
      extname: '.liquid',
      outputEscape: 'escape',
      strictVariables: true,
      // What may be missing is asked for by an `if`.
      lenientIf: true,
      strictFilters: true,
      cache: true,
      globals: { stylesheet: stylesheet.url, icon: icon.url, clientId },
    });
  }

  async send(reply: WebReply, name: PageName, model: object, status = 200): Promise<void> {
    const html: unknown = await this.liquid.renderFile(name, model);
    reply.status(status).header('content-type', 'text/html; charset=utf-8').send(html);
  }
}
