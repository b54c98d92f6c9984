import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Client, type ClientIdDocumentRules, Clock, isHostAmong } from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { clientIdUrl } from './client-id-url.js';
import { ClientIdDocumentReader, NoAnswerError } from './document-reader.js';
import { RequestBudget } from '../../http/request-budget.js';

/** What a document said. Times are seconds since 1970. */
interface Known {
  readonly client: Client;
  readonly until: number;
  /** Where the document cannot be reached, it counts until then. */
  readonly atMostUntil: number;
}

/** Seconds in which a document that could not be used is not asked for again: one request looks for its client several times. */
const pause = 5;

/** Seconds for which a document counts longer while its host gives no answer. */
const patience = 3600;

/**
 * Clients whose id is the address of a document (draft-ietf-oauth-client-id-metadata-document): fetched when they are first named, kept as long as
 * the document says within the bounds of the rules, and asked for once, however many requests name them.
 */
@Injectable()
export class ClientIdDocuments {
  private readonly logger = new Logger('TokenServer');
  private readonly rules: ClientIdDocumentRules;
  private readonly budget: RequestBudget;
  private readonly known = new Map<string, Known>();
  /** Documents that could not be used a moment ago: apart from the others, so that no number of them puts those out. */
  private readonly pausedUntil = new Map<string, number>();
  private readonly loading = new Map<string, Promise<Client | undefined>>();

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { clientIdMetadataDocuments: rules }: ResolvedOptions,
    private readonly reader: ClientIdDocumentReader,
    private readonly clock: Clock,
  ) {
    this.rules = rules;
    this.budget = new RequestBudget(rules.requestsPerHost, rules.requestsInAll);
  }

  /** Undefined also where the document cannot be fetched or used: the log says why. */
  async find(clientId: string): Promise<Client | undefined> {
    if (this.rules.hosts.length === 0) return undefined;
    const now = this.clock.now();
    const known = this.known.get(clientId);
    if (known && known.until > now) {
      this.keep(clientId, known);
      return known.client;
    }
    const url = clientIdUrl(clientId);
    if (!url || !isHostAmong(url.hostname, this.rules.hosts)) return undefined;
    if ((this.pausedUntil.get(clientId) ?? 0) > now) return undefined;
    return this.loading.get(clientId) ?? this.begin(clientId, url);
  }

  private begin(clientId: string, url: URL): Promise<Client | undefined> {
    // What is not fetched is not noted either: otherwise who sends many ids would fill the room of others.
    // A document that is known is asked for once in `minAge` at most, and must not have to compete with made-up ids.
    const isKnown = this.overdue(clientId) !== undefined;
    if (!isKnown && !this.budget.take(url.hostname, this.clock.now())) return Promise.resolve(undefined);
    const loading = this.load(clientId).finally(() => this.loading.delete(clientId));
    this.loading.set(clientId, loading);
    return loading;
  }

  private async load(clientId: string): Promise<Client | undefined> {
    try {
      const { client, lifetime = 0 } = await this.reader.read(clientId);
      const seconds = Math.min(Math.max(lifetime, this.rules.minAge), this.rules.maxAge);
      const now = this.clock.now();
      this.keep(clientId, { client, until: now + seconds, atMostUntil: now + seconds + patience });
      return client;
    } catch (error) {
      this.logger.warn(
        `The document of client '${clientId}' cannot be used: ${JSON.stringify((error as Error).message.slice(0, 300))}`,
      );
      return this.keepUnusable(clientId, error);
    }
  }

  private keepUnusable(clientId: string, error: unknown): Client | undefined {
    const client = error instanceof NoAnswerError ? this.overdue(clientId) : undefined;
    if (client) {
      const known = this.known.get(clientId)!;
      const until = Math.min(this.clock.now() + this.rules.minAge, known.atMostUntil);
      this.keep(clientId, { ...known, until });
      return client;
    }
    this.known.delete(clientId);
    if (this.pausedUntil.size >= this.rules.mostDocuments) this.pausedUntil.clear();
    this.pausedUntil.set(clientId, this.clock.now() + pause);
    return undefined;
  }

  /** What was known, for as long as it may stand in for what cannot be fetched. */
  private overdue(clientId: string): Client | undefined {
    const known = this.known.get(clientId);
    return known && known.atMostUntil > this.clock.now() ? known.client : undefined;
  }

  private keep(clientId: string, known: Known): void {
    // To the end: what was not asked for longest stands first, and goes first.
    this.known.delete(clientId);
    this.known.set(clientId, known);
    if (this.known.size > this.rules.mostDocuments) this.known.delete(this.known.keys().next().value!);
  }
}
