import { Inject, Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import {
  type Client,
  Clock,
  createHandle,
  type HandleHash,
  hashHandle,
  type PushedRequest,
  PushedRequestStore,
  UsedIdStore,
} from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';

/** What the `request_uri` of a pushed request begins with (RFC 9126 §2.2, RFC 6755). */
const prefix = 'urn:ietf:params:oauth:request_uri:';

/** Whether a `request_uri` is one of a pushed request, by its looks. */
export function isPushed(requestUri: unknown): requestUri is string {
  return typeof requestUri === 'string' && requestUri.startsWith(prefix);
}

/**
 * Authorize requests that clients have sent ahead (RFC 9126). Each is answered once; looking at it does not use it up, so that neither a page that is loaded
 * again nor a program that fetches addresses in advance takes it from the person (§4, FAPI 2.0 Security Profile §5.3.2.2).
 */
@Injectable()
export class PushedRequests {
  constructor(
    private readonly store: PushedRequestStore,
    private readonly usedIds: UsedIdStore,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Gives the `request_uri`. */
  async add(client: Client, parameters: PushedRequest['parameters']): Promise<string> {
    const handle = createHandle();
    await this.store.add({
      handleHash: hashHandle(handle),
      clientId: client.clientId,
      parameters,
      expiresAt: this.clock.now() + client.pushedAuthorizationLifetime,
    });
    return `${prefix}${handle}`;
  }

  /** @throws OAuthError `invalid_request_uri`: unknown, answered, expired and another client's all look alike */
  async find(requestUri: string, { clientId }: Client): Promise<PushedRequest> {
    const found = await this.store.find(hashHandle(requestUri.slice(prefix.length)));
    if (found?.clientId === clientId && found.expiresAt > this.clock.now()) return found;
    throw new OAuthError(
      'invalid_request_uri',
      'request_uri is not that of a request which the client has pushed, and which still waits.',
      { cause: faultOf(found, clientId) },
    );
  }

  /** Uses it up. False where it has been answered already: of any number of answers at once exactly one is the first. */
  async use(handleHash: HandleHash): Promise<boolean> {
    const { interactionLifetime } = this.options.sessions;
    // Whoever began with it at its last moment may be asked for as long as an interaction lasts.
    const isFirst = await this.usedIds.use(
      `pushed-request:${handleHash}`,
      this.clock.now() + longestLifetime + interactionLifetime,
    );
    if (isFirst) await this.store.remove(handleHash);
    return isFirst;
  }
}

/** Seconds that a pushed request waits at most. */
const longestLifetime = 600;

function faultOf(found: PushedRequest | undefined, clientId: string): string {
  if (!found) return 'unknown or answered pushed request';
  return found.clientId === clientId ? 'expired pushed request' : `a request that '${found.clientId}' has pushed`;
}
