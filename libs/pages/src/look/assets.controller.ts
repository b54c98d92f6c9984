import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '@tessera/token-server';
import { PAGES, type ResolvedPages } from '../resolve-pages.js';

const forEver = 'public, max-age=31536000, immutable';
/** A page of another version of the server may still ask for its own style: it gets ours, and keeps it no longer than it must. */
const briefly = 'public, max-age=60';

/** Style, script and pictures of the pages. */
@Controller('assets')
export class AssetsController {
  constructor(@Inject(PAGES) private readonly pages: ResolvedPages) {}

  @Get(':version/:name')
  asset(
    @Param('version') version: string,
    @Param('name') name: string,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): void {
    const asset = this.pages.assets.find(name);
    if (!asset) {
      reply.status(404).send();
      return;
    }
    const etag = `"${asset.version}"`;
    reply.header('ETag', etag);
    reply.header('Cache-Control', version === asset.version ? forEver : briefly);
    reply.header('X-Content-Type-Options', 'nosniff');
    // An SVG that is opened by itself is a document: nothing in it runs.
    reply.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    if (request.headers['if-none-match'] === etag) {
      reply.status(304).send();
      return;
    }
    reply.header('Content-Type', asset.type);
    reply.send(asset.body);
  }
}
