/** The headers of a request, as those of Fastify, Express and node have them. */
export interface PresentedHeaders {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Express: the request is node's own. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** Fastify: node's request is inside. */
  readonly raw?: { readonly rawHeaders?: readonly string[] | undefined } | undefined;
}

/** How often a header stands in the request as it was sent: node keeps the first or joins them, and something in front of us may have looked at another. `name` in lower case. */
export function headerCount(request: Omit<PresentedHeaders, 'headers'>, name: string): number {
  const { rawHeaders = [] } = request.raw ?? request;
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const sent = rawHeaders[i]!;
    if (sent.length === name.length && sent.toLowerCase() === name) count++;
  }
  return count;
}
