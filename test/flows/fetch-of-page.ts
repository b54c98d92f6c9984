import type { RunningServer } from '../running-server.js';

/** What the script of a page can do: it asks before a request that is not simple, and reads nothing that is not meant for its origin. */
export function fetchOfPage(server: RunningServer, origin: string): typeof fetch {
  const permits = ({ headers }: Response) => ['*', origin].includes(headers.get('access-control-allow-origin') ?? '');
  return async (resource, init) => {
    const request = new Request(resource, init);
    const asks = request.headers.has('authorization');
    const preflight = { origin, 'access-control-request-method': request.method };
    const headers = { ...preflight, 'access-control-request-headers': 'authorization' };
    const isLetIn = !asks || permits(await server.fetch(request.url, { method: 'OPTIONS', headers }));
    if (!isLetIn) throw new TypeError('Failed to fetch');
    const response = await server.fetch(
      new Request(request, { headers: { ...Object.fromEntries(request.headers), origin } }),
    );
    if (!permits(response)) throw new TypeError('Failed to fetch');
    return response;
  };
}
