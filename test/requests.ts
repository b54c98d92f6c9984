/** What a server answered; `body` is parsed where it is JSON, otherwise text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // A spec says what it expects to find.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export type Form = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/** Requests to one server. Paths have no slash in front. */
export interface Requests {
  /** Sends a form: `form('connect/token', { grant_type: 'client_credentials' }, basic('simple_client'))`. */
  form(path: string, params: Form, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends anything else: `send('connect/userinfo', { headers: bearer(token) })`. */
  send(path: string, init?: RequestInit): Promise<Answer>;
}

export function requestsTo(url: string, fetch: typeof globalThis.fetch): Requests {
  const send = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}/${path}`, { redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    send,
    form: (path, params, headers) => {
      const pairs = Array.isArray(params) ? params : Object.entries(params);
      return send(path, { method: 'POST', body: new URLSearchParams(pairs as [string, string][]), headers });
    },
  };
}

/** RFC 6749 §2.3.1: each half form-encoded. */
export function basic(clientId: string, secret = 'secret'): { authorization: string } {
  const [id, password] = [clientId, secret].map((half) => new URLSearchParams({ '': half }).toString().slice(1));
  return { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` };
}

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
