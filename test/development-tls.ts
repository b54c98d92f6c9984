import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for localhost and 127.0.0.1, and the authority that whoever connects must trust. */
export interface DevelopmentTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** What a client authenticates its connections with. */
export interface ClientTls {
  readonly cert: string;
  readonly key: string;
}

/** Made by the STS's own maker of development certificates. */
export async function developmentTls(): Promise<DevelopmentTls> {
  // Only what a spec uses is loaded: a spec file loads all anew.
  const { developmentCertificate } = await import('../apps/sts/src/tls/development-certificate.js');
  const folder = await mkdtemp(join(tmpdir(), 'tessera-tls-'));
  try {
    const files = await developmentCertificate(folder);
    return { ...files, ca: await readFile(join(folder, 'ca.pem'), 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const withoutBody = new Set([204, 205, 304]);

/**
 * A fetch that trusts this authority: for one server what NODE_EXTRA_CA_CERTS is for a process. Redirects are not followed. With a certificate it
 * authenticates its connections.
 */
export function fetchTrusting(ca: string, certificate?: ClientTls): typeof globalThis.fetch {
  return async (resource, init) => {
    const { url, method, headers, signal, ...request } = await readRequest(new Request(resource, init));
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      httpsRequest(url, { method, headers, signal, ca, cert: certificate?.cert, key: certificate?.key }, resolve)
        .on('error', reject)
        .end(request.body),
    );
    const body = Buffer.concat((await answer.toArray()) as Buffer[]);
    const status = answer.statusCode ?? 0;
    const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    return new Response(withoutBody.has(status) ? null : body, { status, headers: pairs });
  };
}

async function readRequest(request: Request) {
  const body = Buffer.from(await request.arrayBuffer());
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
  return {
    url: request.url,
    method: request.method,
    headers: { ...Object.fromEntries(request.headers), ...length },
    signal: request.signal,
    body,
  };
}
