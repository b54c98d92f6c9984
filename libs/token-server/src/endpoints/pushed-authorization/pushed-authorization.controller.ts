import { All, Header, HttpCode, Req, Res } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { PushedRequest } from '@tessera/resource-model';
import { AuthorizeRequests } from '../../authorize/authorize-requests.js';
import { PushedRequests } from '../../authorize/pushed-requests.js';
import { ClientAuthenticator } from '../../clients/client-authenticator.js';
import { type Form, formOf } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import { GateAnswer } from '../../http/gate-answer.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { DpopProofs } from '../../possession/dpop-proofs.js';

/** The answer of the pushed authorization request endpoint (RFC 9126 §2.2). */
interface PushedAuthorizationBody {
  readonly request_uri: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** Characters: what one request can sensibly be made of, with a request object and an assertion in it. */
const longestForm = 65_536;

/** A client sends its authorize request ahead, where nobody can read or change it (RFC 9126 §2). */
@Endpoint(endpointPaths.pushedAuthorization, {
  name: 'pushedAuthorization',
  methods: ['POST'],
  origins: 'clients',
  formOr: 400,
})
export class PushedAuthorizationController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly proofs: DpopProofs,
    private readonly requests: AuthorizeRequests,
    private readonly pushed: PushedRequests,
  ) {}

  @All()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async push(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<PushedAuthorizationBody> {
    const form = formOf(request);
    refuseHuge(form);
    const client = await this.clients.authenticate(request);
    // Before the request itself: who is asked for a nonce sends the same request object once more, and that may count once.
    const proven = await this.proofs.pushed({ request, reply, endpoint: 'pushedAuthorization' });
    const { kept, dpopJkt } = await this.requests.readPushed(form, client);
    const parameters = boundTo(proven?.confirmation.jkt, dpopJkt, kept.parameters);
    await proven?.useUp?.();
    return {
      request_uri: await this.pushed.add(client, parameters),
      expires_in: client.pushedAuthorizationLifetime,
    };
  }
}

/** RFC 9449 §10.1: a proof says of the key what `dpop_jkt` would. */
function boundTo(key: string | undefined, dpopJkt: string | undefined, parameters: PushedRequest['parameters']) {
  if (key === undefined) return parameters;
  if (dpopJkt === undefined || dpopJkt === key) return { ...parameters, dpop_jkt: key };
  throw new OAuthError('invalid_request', 'dpop_jkt is the thumbprint of another key than that of the DPoP proof.');
}

/** RFC 9126 §2.3. */
function refuseHuge(form: Form): void {
  const length = Object.entries(form).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (length > longestForm) throw new GateAnswer(413, {}, `The request is longer than ${longestForm} characters.`);
}
