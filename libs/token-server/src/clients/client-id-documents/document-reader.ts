import { Inject, Injectable } from '@nestjs/common';
import { hasSecretMembers } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import { Outgoing, type OutgoingAnswer } from '../../http/outgoing.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import type { ClientMetadata } from '../client-metadata/metadata-member.js';
import { DynamicClients } from '../dynamic-clients/dynamic-clients.js';
import { cacheLifetime } from './cache-lifetime.js';

/** In bytes; the draft advises 5 kilobytes (§8.7), and a key set needs some more. */
const longestDocument = 10_240;

/** What a document said, and for how many seconds it may be kept; undefined where it does not say. */
export interface DescribedClient {
  readonly client: Client;
  readonly lifetime: number | undefined;
}

/** Nothing came back that says whether there is such a client. */
export class NoAnswerError extends Error {}

/** Fetches the document of a client and reads it (draft-ietf-oauth-client-id-metadata-document §4, §5). */
@Injectable()
export class ClientIdDocumentReader {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly outgoing: Outgoing,
    private readonly clients: DynamicClients,
  ) {}

  /** @throws NoAnswerError; any other Error says why there is no such client */
  async read(clientId: string): Promise<DescribedClient> {
    const answer = await this.outgoing.get(clientId).catch((cause: Error) => {
      throw new NoAnswerError(cause.message, { cause });
    });
    const client = await this.clients.admit({
      clientId,
      sent: documentOf(answer, clientId),
      policy: this.policy,
      isForMany: true,
      own: () => ({}),
    });
    return { client, lifetime: cacheLifetime(answer.headers) };
  }

  /** §4.1: nobody could have agreed on a secret with such a client. */
  private get policy() {
    const { policy } = this.options.clientIdMetadataDocuments;
    const tokenEndpointAuthMethods = policy.tokenEndpointAuthMethods.filter((method) => !method.includes('secret'));
    // Without a word it is public: the usual method of RFC 7591 is none that it may have.
    const byRank = [...tokenEndpointAuthMethods].sort((one) => (one === 'none' ? -1 : 0));
    return { ...policy, tokenEndpointAuthMethods: byRank };
  }
}

/** @throws Error that says what is wrong with it */
function documentOf({ status, headers, body }: OutgoingAnswer, clientId: string): ClientMetadata {
  if (status >= 500 || status === 429) throw new NoAnswerError(`it answered ${status}`);
  // §5: a redirect is an answer like any other that is not 200.
  if (status !== 200) throw new Error(`it answered ${status}`);
  const type = headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) throw new Error('its type is not JSON');
  if (Buffer.byteLength(body) > longestDocument) throw new Error(`it is longer than ${longestDocument} bytes`);
  const document = parse(body);
  if (document.client_id !== clientId) throw new Error('its client_id is not the address that it is at');
  const forbidden = ['client_secret', 'client_secret_expires_at'].find((name) => document[name] !== undefined);
  if (forbidden !== undefined) throw new Error(`it has ${forbidden}, which is for nobody to read`);
  if (keysOf(document).some(hasSecretMembers)) throw new Error('it shows a private key');
  // Without a place to keep it there is no salt, and so no identifier that is the client's alone.
  if (document.subject_type === 'pairwise') throw new Error('its subject_type must be public');
  const { sector_identifier_uri: _sector, ...metadata } = document;
  return metadata;
}

function parse(body: string): ClientMetadata {
  const value = JSON.parse(body) as unknown;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ClientMetadata;
  throw new Error('it is no JSON object');
}

function keysOf({ jwks }: ClientMetadata): object[] {
  const keys = (jwks as { keys?: unknown } | null | undefined)?.keys;
  return Array.isArray(keys) ? keys.filter((key): key is object => typeof key === 'object' && key !== null) : [];
}
