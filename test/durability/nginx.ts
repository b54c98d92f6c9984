import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { runNginx } from '../nginx.js';
import { readiness } from './sts-node.js';

/** A proxy in front of several nodes, as they are deployed. */
export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** Nothing is set beyond nginx's own rules: a POST that a node has been sent is not sent to another. */
const blocksOf = (port: number, ports: readonly number[]) => `
  upstream nodes { ${ports.map((node) => `server 127.0.0.1:${node} max_fails=1 fail_timeout=2s;`).join(' ')} }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://nodes;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-Proto https;
    }
  }`;

/** @throws Error where there is no nginx: on Debian it is `apt-get install nginx-light` */
export async function startNginx(ports: readonly number[]): Promise<Nginx> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => (await readiness({ url })) === 200;
  const { stop } = await runNginx({ blocks: blocksOf(port, ports), isReady });
  return { url, stop };
}
