import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A client that says what it wants over WebSocket (RFC 6455) and answers to nothing, not even to a close frame. */
export class DeafPeer {
  readonly socket: Socket;
  private received = '';

  constructor(port: number, path: string, headers: Record<string, string> = {}) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (data) => (this.received += data.toString('latin1')));
    this.socket.on('error', () => undefined);
    const upgrade = {
      Host: `127.0.0.1:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    };
    const lines = Object.entries({ ...upgrade, ...headers }).map(([name, value]) => `${name}: ${value}`);
    this.socket.write([`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  }

  /** One text frame, with a mask of zeros (§5.2). */
  send(event: string, data: string): void {
    const text = Buffer.from(JSON.stringify({ event, data }));
    this.socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
  }

  /** Waits until the server has sent this. */
  async sent(text: string): Promise<void> {
    while (!this.received.includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
