import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Liquid } from 'liquidjs';
import type { Fault } from '@tessera/resource-model';
import type { DetailView, ScopeView } from '@tessera/token-server';
import { detailText } from '../language/detail-text.js';
import { ago, day, list, moment } from '../language/formats.js';
import type { MessageCatalogue } from '../language/message-catalogue.js';
import type { Assets } from '../look/assets.js';
import type { Words } from './page.js';
import { pictureUrl, returnUrl, webUrl } from './safe-url.js';

/** What every template can ask for, whoever renders it. */
export interface PageGlobals {
  readonly language: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** What stands before each path: the path of the issuer. */
  readonly base: string;
}

/** The templates of the pages. Whatever they put out is escaped. */
export class Templates {
  private readonly engine: Liquid;

  /** @param folders a template is taken from the first that has it */
  constructor(
    folders: readonly string[],
    private readonly messages: MessageCatalogue,
    private readonly assets: Assets,
  ) {
    this.engine = new Liquid({
      root: [...folders],
      extname: '.liquid',
      cache: true,
      outputEscape: 'escape',
      ownPropertyOnly: true,
      strictFilters: true,
      // Templates are found in the folders and nowhere else.
      relativeReference: false,
    });
    this.addFilters();
  }

  async render(name: string, data: object, globals: PageGlobals): Promise<string> {
    return (await this.engine.renderFile(name, data, { globals })) as string;
  }

  /** The templates of an application that are none. */
  faultsIn(folder: string): Fault[] {
    if (!existsSync(folder))
      return [{ path: 'templates', value: folder, problem: 'must be a folder that can be read' }];
    const names = readdirSync(folder).filter((name) => name.endsWith('.liquid'));
    if (names.length === 0) return [{ path: 'templates', value: folder, problem: 'has no file <name>.liquid in it' }];
    return names.flatMap((name) => this.faultsOf(join(folder, name)));
  }

  private faultsOf(path: string): Fault[] {
    try {
      this.engine.parse(readFileSync(path, 'utf8'), path);
      return [];
    } catch (error) {
      return [{ path: 'templates', value: path, problem: `cannot be read: ${(error as Error).message}` }];
    }
  }

  private addFilters(): void {
    const { messages, assets } = this;
    this.add('t', ({ language }, key: string, ...values: [string, string | number][]) =>
      messages.format(key, language, Object.fromEntries(values)),
    );
    this.add('words', ({ language }, { key, values }: Words) => messages.format(key, language, values));
    this.add('day', ({ language }, seconds: number) => day(seconds, language));
    this.add('moment', ({ language }, seconds: number) => moment(seconds, language));
    this.add('ago', ({ language, now }, seconds: number) => ago(seconds, now, language));
    this.add('iso', (_globals, seconds: number) => new Date(seconds * 1000).toISOString());
    this.add('list', ({ language }, texts: readonly string[]) => list(texts, language));
    this.add('web_url', (_globals, url: unknown) => webUrl(url));
    this.add('picture_url', (_globals, url: unknown) => pictureUrl(url));
    this.add('return_url', (_globals, url: unknown) => returnUrl(url));
    this.add('path', ({ base }, path: string) => `${base}/${path}`);
    this.add('asset', ({ base }, name: string) => `${base}/${assets.path(name) ?? `assets/-/${name}`}`);
    this.add('initial', (_globals, name: string) => /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '?');
    // A scope that has words in the person's language is called by them, whatever the configuration says in its one language.
    this.add(
      'scope_name',
      ({ language }, { name, displayName }: ScopeView) =>
        this.words(`scope.${name}.name`, language) ?? displayName ?? name,
    );
    this.add(
      'scope_description',
      ({ language }, { name, description }: ScopeView) =>
        this.words(`scope.${name}.description`, language) ?? description,
    );
    this.add('detail_text', ({ language }, detail: DetailView) => detailText(detail, language));
    this.add('claim_name', ({ language }, name: string) => this.words(`claim.${name}`, language) ?? name);
  }

  private words(key: string, language: string): string | undefined {
    return this.messages.has(key, language) ? this.messages.format(key, language) : undefined;
  }

  private add<A extends unknown[]>(name: string, filter: (globals: PageGlobals, ...input: A) => unknown): void {
    this.engine.registerFilter(name, function (this: { context: Context }, ...input: unknown[]) {
      return filter(this.context.globals as PageGlobals, ...(input as A));
    });
  }
}
