/** Whom everybody believes to reach, whichever process answers. */
export const issuer = 'https://id.example.com';

export const redirectUri = 'https://app.example.com/callback';

/** Seconds in which the same refresh may be repeated: the client's default. */
export const refreshTokenGrace = 10;

/** Clients that get what must outlive the process: refresh tokens, codes, and tokens that only the store knows. */
export const configuration = `
issuer: ${issuer}
signingAlgorithms: [ES256]
identityResources: [openid]
apiResources:
  - name: api1
    apiSecrets: [{ plain: secret }]
clients:
  - clientId: chain
    allowedGrantTypes: [password]
    clientSecrets: [{ plain: secret }]
    allowedScopes: [api1, openid]
    allowOfflineAccess: true
    refreshTokenGrace: ${refreshTokenGrace}
  - clientId: web
    allowedGrantTypes: [authorization_code]
    clientSecrets: [{ plain: secret }]
    redirectUris: [${redirectUri}]
    allowedScopes: [openid, api1]
    # Longer than a run takes: a code that is tried again is known to have been used.
    authorizationCodeLifetime: 900
    requireConsent: false
    accessTokenType: reference
  - clientId: machine
    allowedGrantTypes: [client_credentials]
    clientSecrets: [{ plain: secret }]
    allowedScopes: [api1]
    accessTokenType: reference
users:
  - { subject: '1', username: alice, password: alice }
`;
