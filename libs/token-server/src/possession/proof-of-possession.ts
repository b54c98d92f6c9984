import { Injectable } from '@nestjs/common';
import type { Client, Confirmation } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';

/** What the sender of a token request proves to hold, so that nobody else can use what it gets (RFC 7800). */
@Injectable()
export class ProofOfPossession {
  /** Undefined where nothing is proven. */
  async of(_request: HttpRequest, _client: Client): Promise<Confirmation | undefined> {
    return undefined;
  }
}
