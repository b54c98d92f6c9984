import { All, Header, HttpCode, Inject, Req } from '@nestjs/common';
import type { ClientMetadata } from '../../clients/client-metadata/metadata-member.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpRequest } from '../../http/message.js';
import { note } from '../../http/request-notes.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { encodeRegistration } from './registration-body.js';
import { Registrations } from './registrations.js';

/** Where clients register themselves (RFC 7591 §3, OpenID Connect Registration §3). */
@Endpoint(endpointPaths.registration, { name: 'registration', methods: ['POST'], origins: 'any' })
export class RegistrationController {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly registrations: Registrations,
  ) {}

  @All()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  @Header('Pragma', 'no-cache')
  async register(@Req() request: HttpRequest): Promise<ClientMetadata> {
    const registration = await this.registrations.register(request);
    note(request, { client: registration.registered.client.clientId });
    return encodeRegistration(registration, this.options.issuer);
  }
}
