import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { rootCertificates } from 'node:tls';

/** Who asks, in the two ways that the servers know. */
export type Authorization =
  | { readonly scheme: 'Basic'; readonly name: string; readonly secret: string }
  | { readonly scheme: 'Bearer'; readonly token: string };

/** A request with its parts still readable: what goes over the wire is made from it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly authorization?: Authorization;
  /** Sent as application/x-www-form-urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as application/json. */
  readonly json?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: http.IncomingHttpHeaders;
  /** As it came. */
  readonly text: string;
  /** Read as JSON; undefined where it is not. */
  readonly body: unknown;
}

/** Speaks to servers whose certificates come from the development CA; everything else about TLS stays as strict as ever. */
export class HttpClient {
  private constructor(private readonly ca: readonly string[]) {}

  /** Believes the certificates that Node believes, and those of the file where it exists. */
  static trusting(caFile: string): HttpClient {
    const own = readIfThere(caFile);
    return new HttpClient(own === undefined ? rootCertificates : [...rootCertificates, own]);
  }

  /** Every status is an answer. Rejects with the error of the connection, and when `signal` aborts. */
  send(request: HttpRequest, signal: AbortSignal = AbortSignal.timeout(10_000)): Promise<HttpAnswer> {
    const { headers, body } = encode(request);
    const options = { method: request.method, headers, signal };
    return new Promise((resolve, reject) => {
      const answered = (incoming: http.IncomingMessage) => void readAnswer(incoming).then(resolve, reject);
      const sent = request.url.startsWith('https:')
        ? https.request(request.url, { ...options, agent: new https.Agent({ ca: [...this.ca] }) }, answered)
        : http.request(request.url, { ...options, agent: new http.Agent() }, answered);
      sent.on('error', reject).end(body);
    });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function encode({ authorization, form, json }: HttpRequest): { headers: Record<string, string>; body?: string } {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (authorization) headers.Authorization = encodeAuthorization(authorization);
  if (form) return withBody(headers, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString());
  if (json !== undefined) return withBody(headers, 'application/json', JSON.stringify(json));
  return { headers };
}

function withBody(headers: Record<string, string>, type: string, body: string) {
  return { headers: { ...headers, 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) }, body };
}

function encodeAuthorization(authorization: Authorization): string {
  if (authorization.scheme === 'Bearer') return `Bearer ${authorization.token}`;
  // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
  const pair = [authorization.name, authorization.secret].map((half) =>
    encodeURIComponent(half).replaceAll('%20', '+'),
  );
  return `Basic ${Buffer.from(pair.join(':')).toString('base64')}`;
}

async function readAnswer(incoming: http.IncomingMessage): Promise<HttpAnswer> {
  incoming.setEncoding('utf8');
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  const { statusCode: status = 0, statusMessage: statusText = '', headers } = incoming;
  return { status, statusText, headers, text, body: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
