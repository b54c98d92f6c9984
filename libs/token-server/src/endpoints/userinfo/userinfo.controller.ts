import { All, Header, HttpCode, Req, Res } from '@nestjs/common';
import { Scopes } from '@tessera/protocol';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { note } from '../../http/request-notes.js';
import { PresentedAccess } from '../../possession/presented-access.js';
import { Userinfo, type UserinfoAnswer } from './userinfo.js';

/** What a client may know about the person who signed in (OpenID Connect Core §5.3). */
@Endpoint(endpointPaths.userinfo, { name: 'userinfo', methods: ['GET', 'POST'], origins: 'clients' })
export class UserinfoController {
  constructor(
    private readonly access: PresentedAccess,
    private readonly userinfo: Userinfo,
  ) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async claims(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<UserinfoAnswer['claims'] | string> {
    const found = await this.access.ofPerson({ request, reply, endpoint: 'userinfo' }, Scopes.openid);
    const { claims, jwt } = await this.userinfo.answer(found);
    note(request, { subject: claims.sub });
    if (jwt === undefined) return claims;
    reply.header('Content-Type', 'application/jwt');
    return jwt;
  }
}
