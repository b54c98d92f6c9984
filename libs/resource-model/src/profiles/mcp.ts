import { Scopes } from '@tessera/protocol';
import { oauth21 } from './oauth21.js';
import type { ProfileRule, ProfileSubject } from './profile.js';

/** The authorization of the Model Context Protocol (2026-07-28): OAuth 2.1, and tokens that are for one resource alone. */
export const mcp: readonly ProfileRule[] = [
  ...oauth21,
  {
    source: 'MCP Authorization, Resource Parameter Implementation; RFC 8707 §2',
    rule: 'Tokens are for the resource that the request names: each API within reach requires that it is named.',
    property: 'allowedScopes',
    holds: (subject) => reached(subject).every(({ requireResourceIndicator }) => requireResourceIndicator),
    mend: 'requireResourceIndicator: true at the API resources that its scopes belong to',
  },
  {
    source: 'MCP Authorization, Canonical Server URI; RFC 8707 §2',
    rule: 'Resources are called by their https address.',
    property: 'allowedScopes',
    holds: (subject) => reached(subject).every(({ name }) => /^https:\/\/[^#]+$/.test(name) || isLoopback(name)),
    mend: 'API resources named by the address of the MCP server: https://mcp.example.com',
  },
];

function reached({ client, configuration }: ProfileSubject) {
  const scopes = client.allowedScopes.filter((scope) => scope !== Scopes.openid);
  return configuration.apiResources.filter(({ scopes: own }) => own.some((scope) => scopes.includes(scope)));
}

function isLoopback(name: string): boolean {
  return /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/[^#]*)?$/.test(name);
}
