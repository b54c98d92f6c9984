/** What other libraries call something, and what stands for it here. */
const elsewhere: Readonly<Record<string, string>> = {
  authServerUrl: "use the preset keycloak({ url, realm, audience }), or 'issuer'",
  'auth-server-url': "use the preset keycloak({ url, realm, audience }), or 'issuer'",
  realm: "use the preset keycloak({ url, realm, audience }), or 'issuer'",
  domain: "use the preset auth0({ domain, audience }), or 'issuer'",
  issuerBaseURL: "here it is 'issuer'",
  authority: "here it is 'issuer'",
  clientId: "the name of this API is 'audience'",
  clientSecret: "for reference tokens give it in 'introspection'; keys are public and need none",
  secret: "give the issuer's public keys by 'jwks', or leave them to discovery; symmetric secrets are never accepted",
  secretOrKey:
    "give the issuer's public keys by 'jwks', or leave them to discovery; symmetric secrets are never accepted",
  secretOrKeyProvider: "the keys are found by discovery, at 'jwksUri', or given by 'jwks'",
  tokenDecryptionKey: "give the private key of this API as a JWK in 'decryption', as one of its 'keys'",
  jwtFromRequest: 'the token is read from the Authorization header',
  ignoreExpiration: 'the exp of a token always counts',
  jwksRequestsPerMinute: "fetches are limited anyhow, by 'refetchCooldown'",
  rateLimit: "fetches are limited anyhow, by 'refetchCooldown'",
  cache: "keys are kept anyhow, for 'cacheLifetime'",
  cacheMaxAge: "here it is 'cacheLifetime', in seconds",
  timeout: "here it is 'fetchTimeout', in seconds",
  timeoutDuration: "here it is 'fetchTimeout', in seconds",
  tokenSigningAlg: "here it is 'algorithms', a list",
  validators: "here it is 'requiredClaims'",
};

/** The fault of an option that there is not: what was meant, or else what there is. `elsewhere` speaks of the options of an issuer. */
export function unknownOption(name: string, known: readonly string[]): string {
  return `there is no such option; ${adviceOf(name, known)}`;
}

function adviceOf(name: string, known: readonly string[]): string {
  const advice = known.includes('audience') && Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
  if (advice !== undefined) return `${advice}.`;
  const [nearest, distance] = known
    .map((option) => [option, distanceOf(name.toLowerCase(), option.toLowerCase())] as const)
    .reduce((best, next) => (next[1] < best[1] ? next : best), ['', Infinity] as const);
  return distance <= Math.max(1, Math.floor(name.length / 4))
    ? `did you mean '${nearest}'?`
    : `there are ${known.join(', ')}.`;
}

/** Levenshtein: how many characters must be put in, taken away or changed. */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [done, character] of [...from].entries()) {
    const next = [done + 1];
    for (let index = 0; index < to.length; index++) {
      const changed = row[index]! + (character === to[index] ? 0 : 1);
      next.push(Math.min(changed, row[index + 1]! + 1, next[index]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
