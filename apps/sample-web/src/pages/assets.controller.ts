import { Controller, Get, Res } from '@nestjs/common';
import type { WebReply } from '../http/exchange.js';
import { icon, stylesheet } from './assets.js';

/** What the pages load: one stylesheet and one icon. */
@Controller()
export class AssetsController {
  @Get('style.css')
  style(@Res() reply: WebReply): void {
    send(reply, stylesheet);
  }

  @Get('icon.svg')
  icon(@Res() reply: WebReply): void {
    send(reply, icon);
  }
}

function send(reply: WebReply, { type, content }: typeof stylesheet): void {
  reply.header('content-type', type).header('cache-control', 'public, max-age=31536000, immutable').send(content);
}
