import { All, Header, HttpCode, Req } from '@nestjs/common';
import { GrantRegistry } from '@tessera/grant-types';
import { GrantTypes, Parameter } from '@tessera/protocol';
import { ClientAuthenticator } from '../../clients/client-authenticator.js';
import { decodeForm } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpRequest } from '../../http/message.js';
import { type DeviceAuthorizationBody, DeviceAuthorizations } from './device-authorizations.js';

class DeviceAuthorizationParams {
  @Parameter()
  scope?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];

  @Parameter()
  authorizationDetails?: string;
}

/** A device without a browser begins a sign-in that its person does elsewhere (RFC 8628 §3.1). */
@Endpoint(endpointPaths.deviceAuthorization, {
  name: 'deviceAuthorization',
  methods: ['POST'],
  origins: 'clients',
  formOr: 400,
})
export class DeviceAuthorizationController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly grants: GrantRegistry,
    private readonly devices: DeviceAuthorizations,
  ) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async begin(@Req() request: HttpRequest): Promise<DeviceAuthorizationBody> {
    const params = decodeForm(DeviceAuthorizationParams, request);
    const client = await this.clients.authenticate(request);
    this.grants.allowedFor(client, GrantTypes.deviceCode);
    return this.devices.begin(client, params);
  }
}
