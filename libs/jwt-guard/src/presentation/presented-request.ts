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
