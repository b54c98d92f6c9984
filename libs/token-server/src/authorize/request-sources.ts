import { Inject, Injectable } from '@nestjs/common';
import { OAuthError, Parameter } from '@tessera/protocol';
import { type Client, ClientStore, type HandleHash } from '@tessera/resource-model';
import { checkNames, decodeParameters, type Form } from '../http/decode.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { AuthorizeTargetParams } from './authorize-params.js';
import { isPushed, PushedRequests } from './pushed-requests.js';
import { longestObject, RequestObjects } from './request-objects.js';
import { RequestReferences } from './request-references.js';

/** What counts of an authorize request, wherever it stood. */
export interface ResolvedRequest {
  readonly form: Form;
  /** The pushed request that it comes from. */
  readonly pushedRequest?: HandleHash;
}

/** Where an authorize request may stand instead of in its own parameters (RFC 9101 §5, RFC 9126 §4). */
class SourceParams extends AuthorizeTargetParams {
  @Parameter({ maxLength: longestObject })
  request?: string;

  @Parameter()
  requestUri?: string;
}

/** Finds what counts of an authorize request: what its client pushed, what it signed, or the parameters as they came. One of them, never a mixture. */
@Injectable()
export class RequestSources {
  constructor(
    private readonly clients: ClientStore,
    private readonly pushed: PushedRequests,
    private readonly objects: RequestObjects,
    private readonly references: RequestReferences,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Of what a browser brings. @throws OAuthError */
  async resolve(form: Form): Promise<ResolvedRequest> {
    const params = decodeParameters(SourceParams, checkNames(form));
    const client = params.clientId === undefined ? undefined : await this.clients.find(params.clientId);
    // Whoever reads the target says what is wrong.
    if (!client?.enabled) return { form };
    if (isPushed(params.requestUri)) {
      const { parameters, handleHash } = await this.pushed.find(params.requestUri, client);
      return { form: parameters, pushedRequest: handleHash };
    }
    if (client.requirePushedAuthorization || this.options.requirePushedAuthorization) {
      throw new OAuthError('invalid_request', 'The request must be pushed, and its request_uri sent (RFC 9126 §4).');
    }
    return { form: await this.signedOrPlain(params, client, form) };
  }

  /** Of what the client itself sends ahead. @throws OAuthError */
  async resolvePushed(form: Form, client: Client): Promise<ResolvedRequest> {
    const { request, requestUri, clientId } = decodeParameters(SourceParams, form);
    if (requestUri !== undefined) {
      throw new OAuthError('invalid_request', 'A pushed request must not have a request_uri (RFC 9126 §2.1).');
    }
    if (clientId !== undefined && clientId !== client.clientId) {
      throw new OAuthError('invalid_request', 'client_id is not that of the client which authenticated.');
    }
    return { form: await this.signedOrPlain({ request }, client, form) };
  }

  private async signedOrPlain(
    { request, requestUri }: Partial<SourceParams>,
    client: Client,
    form: Form,
  ): Promise<Form> {
    if (request !== undefined && requestUri !== undefined) {
      throw new OAuthError('invalid_request', 'request and request_uri exclude one another (RFC 9101 §5).');
    }
    if (request !== undefined) return this.objects.read(request, client);
    if (requestUri !== undefined) return this.objects.read(await this.references.fetch(requestUri, client), client);
    if (!client.requireRequestObject) return form;
    throw new OAuthError(
      'invalid_request',
      'The client must sign its requests: parameter request is missing (RFC 9101 §5).',
    );
  }
}
