import { All, Header, HttpCode, Req } from '@nestjs/common';
import { GrantRegistry } from '@tessera/grant-types';
import { GrantTypes } from '@tessera/protocol';
import { ClientAuthenticator } from '../../clients/client-authenticator.js';
import { checkNames, formOf } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpRequest } from '../../http/message.js';

import { BackchannelAuthentications } from './backchannel-authentications.js';
import { BackchannelNotices } from './backchannel-notices.js';
import { BackchannelRequests } from './backchannel-requests.js';

/** The answer of the backchannel authentication endpoint (CIBA Core §7.3). */
interface BackchannelAuthenticationBody {
  readonly auth_req_id: string;
  /** Seconds, as is the following. */
  readonly expires_in: number;
  readonly interval: number;
}

/** A client has a person asked whom it names, on a device of the person's own (CIBA Core §7). */
@Endpoint(endpointPaths.backchannelAuthentication, {
  name: 'backchannelAuthentication',
  methods: ['POST'],
  origins: 'none',
  formOr: 400,
})
export class BackchannelAuthenticationController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly grants: GrantRegistry,
    private readonly requests: BackchannelRequests,
    private readonly authentications: BackchannelAuthentications,
    private readonly notices: BackchannelNotices,
  ) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async begin(@Req() request: HttpRequest): Promise<BackchannelAuthenticationBody> {
    const form = checkNames(formOf(request));
    const client = await this.clients.authenticate(request);
    this.grants.allowedFor(client, GrantTypes.ciba);
    // Before anything is used up or kept: without a page nobody could ever answer.
    this.notices.checkPage();
    const params = await this.requests.read(form, client);
    const { authReqId, waiting } = await this.authentications.begin(client, params);
    this.notices.send(waiting, client);
    const { createdAt, expiresAt, interval } = waiting;
    return { auth_req_id: authReqId, expires_in: expiresAt - createdAt, interval };
  }
}
