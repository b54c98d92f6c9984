import type { HttpReply } from '@tessera/token-server';

/** Sends the browser on, with a GET whatever it came with (RFC 9110 §15.4.4). */
export function redirect(reply: HttpReply, address: string): void {
  reply.header('Location', address);
  reply.header('Cache-Control', 'no-store');
  reply.header('Referrer-Policy', 'no-referrer');
  reply.status(303).send();
}
