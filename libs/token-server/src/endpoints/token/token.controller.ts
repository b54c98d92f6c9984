import { All, Header, HttpCode, Req, Res } from '@nestjs/common';
import { GrantRegistry } from '@tessera/grant-types';
import { Parameter } from '@tessera/protocol';
import { ClientAuthenticator } from '../../clients/client-authenticator.js';
import { RegisteredClients } from '../../clients/dynamic-clients/registered-clients.js';
import { decodeForm } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { note } from '../../http/request-notes.js';
import { ProofOfPossession } from '../../possession/proof-of-possession.js';
import { TokenIssuer } from '../../tokens/token-issuer.js';
import { encodeTokens, type TokenBody } from './token-body.js';

class TokenParams {
  @Parameter({ required: true, maxLength: 200 })
  grantType!: string;
}

/** The token endpoint (RFC 6749 §3.2). Every grant takes this same path. */
@Endpoint(endpointPaths.token, { name: 'token', methods: ['POST'], origins: 'clients', formOr: 400 })
export class TokenController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly grants: GrantRegistry,
    private readonly possession: ProofOfPossession,
    private readonly issuer: TokenIssuer,
    private readonly registered: RegisteredClients,
  ) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Header('Pragma', 'no-cache')
  async token(@Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): Promise<TokenBody> {
    const form = decodeForm(TokenParams, request);
    const client = await this.clients.authenticate(request);
    const grant = this.grants.allowedFor(client, form.grantType);
    note(request, { grant: grant.type });
    const proven = await this.possession.of({ request, reply, endpoint: 'token' }, client);
    const confirmation = proven?.confirmation;
    const call = { confirmation, useUpProof: proven?.useUp };
    const authorization = await grant.authorize(client, decodeForm(grant.params, request), call);
    note(request, { subject: authorization.person?.subject });
    await proven?.useUp?.();
    const tokens = await this.issuer.issue({ ...authorization, confirmation });
    await this.registered.noteUse(client);
    return encodeTokens(tokens);
  }
}
