import { bodyOf, listen } from './local-server.spec.fixture.js';

/** The orders, for whoever brings any token; remembers which. */
export class FakeApi {
  url = '';
  readonly orders: Record<string, unknown>[] = [];
  /** The access tokens that came, in order. */
  readonly tokens: string[] = [];
  /** Tokens that are answered with 401. */
  readonly refused = new Set<string>();
  /** In the place of the orders. */
  nonsense: string | undefined;
  /** The sign-in must not be longer ago than this many seconds for an order to be cancelled: asked for once. */
  maxAge: number | undefined;
  /** 0: as usual; else the status of every answer. */
  outage = 0;

  static async start(): Promise<FakeApi> {
    const api = new FakeApi();
    api.url = await listen((request, response) => {
      void bodyOf(request).then((body) => {
        const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
        api.tokens.push(token);
        const status = api.outage || (api.refused.has(token) ? 401 : 200);
        if (status !== 200) return response.writeHead(status, { location: 'https://elsewhere.example' }).end();
        if (request.method === 'DELETE' && api.maxAge !== undefined) {
          const challenge = `Bearer realm="api1", error="insufficient_user_authentication", max_age="${api.maxAge}", DPoP realm="api1"`;
          api.maxAge = undefined;
          return response.writeHead(401, { 'www-authenticate': challenge }).end();
        }
        if (request.method === 'DELETE') return response.writeHead(api.remove(request.url ?? '') ? 204 : 404).end();
        if (request.method === 'POST') api.add(JSON.parse(body) as Record<string, unknown>);
        response.writeHead(200, { 'content-type': 'application/json' }).end(api.nonsense ?? JSON.stringify(api.orders));
      });
    });
    return api;
  }

  private remove(path: string): boolean {
    const index = this.orders.findIndex(({ id }) => `/orders/${encodeURIComponent(String(id))}` === path);
    if (index >= 0) this.orders.splice(index, 1);
    return index >= 0;
  }

  private add(order: Record<string, unknown>): void {
    this.orders.push({ id: String(this.orders.length), createdAt: '2030-01-01T00:00:00.000Z', ...order });
  }
}
