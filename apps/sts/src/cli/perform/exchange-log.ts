import type { Fetch } from '../http/trusting-fetch.js';

/** A request and its answer, without what only client and server may know. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly form: Readonly<Record<string, string | string[]>>;
  readonly status: number;
  readonly contentType: string;
  /** What was answered: parsed where it is JSON. */
  readonly body: unknown;
}

const secretParameters = ['client_secret', 'password', 'client_assertion', 'device_code', 'refresh_token'];

/** A fetch that remembers what went over the line, and says so at once. */
export class ExchangeLog {
  readonly exchanges: Exchange[] = [];

  constructor(
    private readonly send: Fetch,
    private readonly tell: (exchange: Exchange) => void,
  ) {}

  readonly fetch: Fetch = async (resource, init) => {
    const response = await this.send(resource, init);
    const exchange: Exchange = {
      method: init?.method ?? 'GET',
      url: resource instanceof Request ? resource.url : String(resource),
      form: formOf(init?.body),
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: parse(await response.clone().text()),
    };
    this.exchanges.push(exchange);
    this.tell(exchange);
    return response;
  };
}

function formOf(body: unknown): Exchange['form'] {
  const pairs = body instanceof URLSearchParams ? body : new URLSearchParams(typeof body === 'string' ? body : '');
  return Object.fromEntries(
    [...new Set(pairs.keys())].map((name) => {
      const values = pairs.getAll(name);
      if (secretParameters.includes(name)) return [name, '(withheld)'];
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
