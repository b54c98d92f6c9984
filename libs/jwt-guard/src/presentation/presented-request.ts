/** A request as the guard sees it: what those of Fastify, Express and node have in common, as far as tokens go. */
export interface PresentedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The path and query as they were sent, where a router changes `url`. */
  readonly originalUrl?: string | undefined;
  /** `http` or `https`, and the host with its port: by X-Forwarded-* where the application trusts its proxy. */
  readonly protocol?: string | undefined;
  readonly host?: string | undefined;
  /** Express: the request is node's own. */
  readonly rawHeaders?: readonly string[] | undefined;
  readonly socket?: unknown;
  /** Fastify: node's request is inside. */
  readonly raw?: { readonly rawHeaders: readonly string[]; readonly socket?: unknown } | undefined;
}

/** How often a header stands in the request as it was sent: node keeps the first or joins them, and something in front of us may have looked at another. `name` in lower case. */
export function headerCount(request: PresentedRequest, name: string): number {
  const { rawHeaders = [] } = request.raw ?? request;
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const sent = rawHeaders[i]!;
    if (sent.length === name.length && sent.toLowerCase() === name) count++;
  }
  return count;
}
