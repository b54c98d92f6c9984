import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@tessera/resource-model';
import type { HttpReply, HttpRequest } from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import { directionOf } from '../language/message-catalogue.js';
import { PAGES, type ResolvedPages } from '../resolve-pages.js';
import { PageAddresses } from './page-addresses.js';
import { setPageHeaders } from './page-headers.js';
import type { Page } from './page.js';
import { webUrl } from './safe-url.js';

/** Shows a page: in the person's language, with the name and the colours of the product, under a strict policy. */
@Injectable()
export class PageRenderer {
  /** What is the same on every page. */
  private readonly frame: Readonly<Record<'product' | 'paths', object>>;

  constructor(
    @Inject(PAGES) private readonly pages: ResolvedPages,
    private readonly addresses: PageAddresses,
    private readonly clock: Clock,
  ) {
    this.frame = { product: this.product(), paths: addresses.all };
  }

  async show(page: Page, request: HttpRequest, reply: HttpReply): Promise<void> {
    const html = await this.render(page, this.languageFor(page, request));
    setPageHeaders(reply, { ...page.policy, fonts: this.pages.assets.hasFonts });
    if (page.retryAfter !== undefined) reply.header('Retry-After', String(page.retryAfter));
    reply.status(page.status ?? 200).send(html);
  }

  private languageFor({ uiLocales }: Page, request: HttpRequest): string {
    const asked = uiLocales ?? textOf(request.query, 'ui_locales')?.split(' ');
    return this.pages.languages.of(request, asked);
  }

  private render(page: Page, language: string): Promise<string> {
    const { title, notice, wide, display = 'page', data } = page;
    return this.pages.templates.render(
      page.template,
      {
        ...data,
        title,
        notice,
        wide,
        display,
        direction: directionOf(language),
        ...this.frame,
      },
      { language, now: this.clock.now(), base: this.addresses.base },
    );
  }

  private product(): Record<string, string | undefined> {
    const { options, assets } = this.pages;
    const logo = options.logoUrl ?? 'mark.svg';
    return {
      name: options.name,
      logoUrl: logo.startsWith('https://') ? logo : this.addresses.below(assets.path(logo) ?? ''),
      homeUrl: this.addresses.home,
      supportUrl: webUrl(options.supportUrl),
      privacyUrl: webUrl(options.privacyUrl),
      termsUrl: webUrl(options.termsUrl),
    };
  }
}
