import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { type Client, Clock } from '@tessera/resource-model';
import { RequestBudget } from '../http/request-budget.js';
import { Outgoing, type OutgoingAnswer } from '../http/outgoing.js';
import { refuseWithoutKeys } from './request-objects.js';

/** Fetches request objects from where their clients keep them (RFC 9101 §5.2): from registered addresses, and from nowhere else. */
@Injectable()
export class RequestReferences {
  /** Anybody can send a browser here with a client's request_uri: nobody is to be flooded through this server. */
  private readonly budget = new RequestBudget(60, 600);

  constructor(
    private readonly outgoing: Outgoing,
    private readonly clock: Clock,
  ) {}

  /** @throws OAuthError `request_uri_not_supported`, `invalid_request_uri` */
  async fetch(requestUri: string, client: Client): Promise<string> {
    const [address = '', fragment] = requestUri.split(/#(.*)/s, 2);
    checkRegistered(client, requestUri, address);
    // Before anything is fetched.
    refuseWithoutKeys(client);
    const { status, body } = await this.get(address);
    if (status !== 200) throw refused('request_uri does not lead to a request object.', `it answered ${status}`);
    // OpenID Connect Core §6.2: who can change what is there cannot change the request.
    if (fragment !== undefined && fragment !== createHash('sha256').update(body).digest('base64url')) {
      throw refused('The fragment of request_uri is not the SHA-256 of what is there.');
    }
    return body.trim();
  }

  private async get(address: string): Promise<OutgoingAnswer> {
    if (!this.budget.take(new URL(address).hostname, this.clock.now())) {
      throw refused('request_uri cannot be fetched.', 'too many requests to its host within a minute');
    }
    try {
      return await this.outgoing.get(address, 'application/oauth-authz-req+jwt, application/jwt');
    } catch (error) {
      // Why is for the log alone: it tells what the network of the server looks like.
      throw refused('request_uri cannot be fetched.', error);
    }
  }
}

/** RFC 9101 §10.4: nobody sends the server to an address that the client has not registered. */
function checkRegistered({ requestUris }: Client, requestUri: string, address: string): void {
  if (requestUris.includes(requestUri) || requestUris.includes(address)) return;
  throw requestUris.length === 0
    ? new OAuthError('request_uri_not_supported', 'The client has registered no request_uri.')
    : refused('request_uri is not registered for the client. It is compared character by character.');
}

function refused(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_request_uri', description, { cause });
}
