import { Injectable, Logger } from '@nestjs/common';
import { AccessRefusedException } from '../answers/access-refused.exception.js';
import { socketAnswer } from '../answers/refusal-in-context.js';
import { emptyRequest } from '../contexts/call.js';
import { rememberHandshake } from '../contexts/handshakes.js';
import { handshakeOf } from '../contexts/ws-calls.js';
import { RequestAuthenticator } from '../guard/request-authenticator.js';
import type { PresentedRequest } from '../presentation/presented-request.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import { holdMessages, refuseConnection, type SocketClient } from './socket-client.js';

/**
 * Lets in connections. Nest runs guards for messages alone, so whoever wants none to connect without a token calls this:
 * `handleConnection(client, request) { return this.handshakes.admit(client, request); }`.
 */
@Injectable()
export class HandshakeAuthenticator {
  private readonly logger = new Logger('JwtGuard');

  constructor(private readonly authenticator: RequestAuthenticator) {}

  /**
   * What the token of a handshake grants. Without a good one the client is sent the event `exception` and disconnected, and the
   * result is undefined; it never rejects, since nobody waits for `handleConnection()`. `request`: the request of the upgrade, which
   * clients of socket.io carry themselves. `token`: see rememberHandshake().
   *
   * While it waits (for keys, introspection, a proof) messages of `ws` are held, if it was called at once; those of socket.io reach
   * their handlers, so the guard is needed there as well.
   */
  async admit(client: SocketClient, request?: PresentedRequest, token?: string): Promise<VerifiedAccess | undefined> {
    if (request) rememberHandshake(client, request, token);
    const letThrough = holdMessages(client);
    try {
      return await this.authenticator.authenticate(handshakeOf(client) ?? emptyRequest);
    } catch (error) {
      if (!(error instanceof AccessRefusedException)) this.logger.error(error);
      refuseConnection(client, error instanceof AccessRefusedException ? socketAnswer(error) : undefined);
      return undefined;
    } finally {
      letThrough();
    }
  }
}
