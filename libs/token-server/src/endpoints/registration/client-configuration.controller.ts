import { All, Inject, Param, Req, Res } from '@nestjs/common';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { note } from '../../http/request-notes.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { ClientConfigurations } from './client-configurations.js';
import { encodeRegistration } from './registration-body.js';

/** Where a registered client sees, changes and removes its registration (RFC 7592 §2). */
@Endpoint(`${endpointPaths.registration}/:clientId`, {
  name: 'registration',
  methods: ['GET', 'PUT', 'DELETE'],
  origins: 'any',
})
export class ClientConfigurationController {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly configurations: ClientConfigurations,
  ) {}

  @All()
  async manage(
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
    @Param('clientId') clientId: string,
  ): Promise<void> {
    note(request, { client: clientId });
    reply.header('Cache-Control', 'no-store');
    reply.header('Pragma', 'no-cache');
    if (request.method === 'DELETE') {
      await this.configurations.remove(request, clientId);
      reply.status(204).send();
      return;
    }
    const registration =
      request.method === 'PUT'
        ? await this.configurations.replace(request, clientId)
        : await this.configurations.read(request, clientId);
    reply.status(200).send(encodeRegistration(registration, this.options.issuer));
  }
}
