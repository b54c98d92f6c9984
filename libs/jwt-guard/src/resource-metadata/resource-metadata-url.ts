/** Where the metadata of a resource are (RFC 9728 §3.1): the well-known path between the host and the path of the resource. */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname, search } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`;
}
