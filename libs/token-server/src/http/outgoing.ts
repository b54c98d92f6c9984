import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import type { OutgoingRules } from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { isSpecialAddress } from './special-addresses.js';

/** What came back. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What is sent. */
interface OutgoingMessage {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Longer answers are not read to the end, in bytes. */
const longestBody = 65_536;

/**
 * Requests that the server itself makes, to addresses that others have named: held to the internet, so that nobody reaches through the server
 * into the network behind it.
 */
@Injectable()
export class Outgoing {
  private readonly rules: OutgoingRules;

  constructor(@Inject(TOKEN_SERVER_OPTIONS) { outgoing }: ResolvedOptions) {
    this.rules = outgoing;
  }

  /** Seconds that one request may take in all. */
  get timeLimit(): number {
    return this.rules.timeout;
  }

  /** Posts a form. A redirect is not followed: it is the answer. @throws Error that says why there is none */
  async post(
    address: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OutgoingAnswer> {
    return this.call(address, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), headers);
  }

  /** Posts JSON, as {@link post} does a form. */
  async postJson(
    address: string,
    value: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OutgoingAnswer> {
    return this.call(address, 'application/json', JSON.stringify(value), headers);
  }

  /** Fetches a document. A redirect is not followed: it is the answer. @throws Error that says why there is none */
  async get(address: string, accept = 'application/json'): Promise<OutgoingAnswer> {
    return this.within(address, { method: 'GET', headers: { Accept: accept } });
  }

  private call(
    address: string,
    type: string,
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<OutgoingAnswer> {
    const own = { 'Content-Type': type, 'Content-Length': `${Buffer.byteLength(body)}` };
    return this.within(address, { method: 'POST', headers: { ...headers, ...own }, body });
  }

  private async within(address: string, message: OutgoingMessage): Promise<OutgoingAnswer> {
    const url = new URL(address);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.rules.allowHttp)) {
      throw new Error(`${url.protocol}//${url.host} is not called: only https is`);
    }
    const late = AbortSignal.timeout(this.rules.timeout * 1000);
    const tooLate = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error(`no answer within ${this.rules.timeout} s`)));
    });
    // The name service does not know the signal.
    return Promise.race([tooLate, this.send(url, message, late)]);
  }

  private async send(
    url: URL,
    { method, headers, body }: OutgoingMessage,
    signal: AbortSignal,
  ): Promise<OutgoingAnswer> {
    const addresses = await this.resolve(url);
    signal.throwIfAborted();
    const options: https.RequestOptions = {
      method,
      headers,
      // A connection of its own: one kept open by others may lead elsewhere.
      agent: false,
      signal,
      lookup: pinned(addresses),
      ca: this.authorities(),
    };
    const { request } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request(url, options, (response) => void read(response).then(resolve, reject));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Resolved once and checked: what is called is one of these, whatever the name service says a moment later. */
  private async resolve({ hostname }: URL): Promise<readonly LookupAddress[]> {
    const literal = hostname.replace(/^\[|\]$/g, '');
    const family = isIP(literal);
    const found = family === 0 ? await lookup(hostname, { all: true }) : [{ address: literal, family }];
    // A zone means a link of this machine.
    const isAllowed = ({ address }: LookupAddress) => !address.includes('%') && !isSpecialAddress(address);
    const addresses = this.rules.allowPrivateAddresses ? found : found.filter(isAllowed);
    if (addresses.length === 0) {
      const shown = found.map(({ address }) => address).join(', ');
      throw new Error(`${hostname} is not called: its address ${shown} is private or special-purpose`);
    }
    return addresses;
  }

  private authorities(): string[] | undefined {
    const own = this.rules.certificateAuthorities;
    return own.length > 0 ? [...rootCertificates, ...own] : undefined;
  }
}

function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first!.address, first!.family);
  };
}

async function read(response: http.IncomingMessage): Promise<OutgoingAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > longestBody) throw new Error(`the answer is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') };
}
