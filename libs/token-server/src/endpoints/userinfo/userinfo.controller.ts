import { All, Header, HttpCode, Req, Res } from '@nestjs/common';
import { bearerToken, maxBearerLength, OAuthError, Parameter } from '@tessera/protocol';
import { decodeForm, isForm } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import { MissingTokenError } from '../../http/missing-token.error.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { note } from '../../http/request-notes.js';
import { Userinfo, type UserinfoAnswer } from './userinfo.js';

class UserinfoParams {
  @Parameter({ maxLength: maxBearerLength })
  accessToken?: string;
}

/** What a client may know about the person who signed in (OpenID Connect Core §5.3). */
@Endpoint(endpointPaths.userinfo, { name: 'userinfo', methods: ['GET', 'POST'], origins: 'clients' })
export class UserinfoController {
  constructor(private readonly userinfo: Userinfo) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async claims(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<UserinfoAnswer['claims'] | string> {
    const { claims, jwt } = await this.userinfo.answer(tokenOf(request));
    note(request, { subject: claims.sub });
    if (jwt === undefined) return claims;
    reply.header('Content-Type', 'application/jwt');
    return jwt;
  }
}

/** RFC 6750 §2.1 and §2.2: in the header or in a form, not in both; never in the URL (§2.3). */
function tokenOf(request: HttpRequest): string {
  const header = bearerToken(request.headers.authorization);
  const form =
    request.method === 'POST' && isForm(request) ? decodeForm(UserinfoParams, request).accessToken : undefined;
  if (header !== undefined && form !== undefined) {
    throw new OAuthError(
      'invalid_request',
      'The access token was sent twice: in the Authorization header and in the form.',
    );
  }
  const token = header ?? form;
  if (token === undefined) {
    throw new MissingTokenError();
  }
  return token;
}
