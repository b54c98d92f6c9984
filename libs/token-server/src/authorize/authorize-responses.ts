import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply } from '../http/message.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { AuthorizationResponseWriter } from '../tokens/authorization-response.writer.js';
import type { AuthorizeTarget } from './authorize-request.js';
import { sendParameters } from './encode-response.js';
import type { ResponseMode } from './response-modes.js';

/** An answer for the client, a good one or a refusal, not yet in the form in which it travels. */
export interface AuthorizeResponse extends AuthorizeTarget {
  readonly responseMode: ResponseMode;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Sends answers to clients through the person's browser: bare, or in a JWT and then nothing of them outside of it. */
@Injectable()
export class AuthorizeResponses {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly writer: AuthorizationResponseWriter,
  ) {}

  /** @throws OAuthError `server_error` where the client wants it encrypted and has no key; nothing has been sent then */
  async send(reply: HttpReply, { client, redirectUri, responseMode, parameters }: AuthorizeResponse): Promise<void> {
    const sent: Record<string, string> = responseMode.isJwt
      ? { response: await this.writer.write(parameters, client) }
      : // RFC 9207 §2: which server answers, so that answers of two cannot be mixed up. In a JWT its own `iss` says so (§2.4).
        { ...parameters, iss: this.options.issuer };
    sendParameters(reply, redirectUri, responseMode.carrier, sent);
  }
}
