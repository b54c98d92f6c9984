import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const schema = fileURLToPath(new URL('../../../sts.schema.json', import.meta.url));

/** The client of the first file: a program that calls an API for itself. */
export const firstClientId = 'my-service';

interface FirstConfiguration {
  /** Where it will stand. */
  readonly file: string;
  readonly issuer: string;
  /** Of the first client; only its hash is in the text. */
  readonly secret: string;
}

/** A configuration to begin with: it starts a server, also in production, and says what to change. */
export function firstConfiguration({ file, issuer, secret }: FirstConfiguration): string {
  const path = relative(dirname(file), schema).split(sep).join('/');
  return `# yaml-language-server: $schema=${path.startsWith('.') ? path : `./${path}`}
#
# The configuration of the token server. All keys: docs/configuration.md

# The public name of this server, exactly as clients compare it. Every token carries it; to change it later is to change every client.
issuer: ${JSON.stringify(issuer)}

# The first signs where nobody asks for another. Every client library knows RS256; ES256 is smaller and faster.
signingAlgorithms: [RS256]

# What a client may learn about a person who signs in.
identityResources: [openid, profile, email]

# What a client may do at an API: the scopes that it asks for.
apiScopes:
  - name: api1.read
    displayName: Read from My API

# The APIs that tokens are meant for; a name is the audience (aud) of its tokens.
apiResources:
  - name: api1
    displayName: My API
    scopes: [api1.read]

clients:
  # A program that calls the API for itself.
  - clientId: ${firstClientId}
    allowedGrantTypes: [client_credentials]
    clientSecrets:
      # The hash of the secret: printf %s SECRET | openssl dgst -sha256 -binary | openssl base64 -A
      - sha256: ${createHash('sha256').update(secret).digest('base64')}
    allowedScopes: [api1.read]

  # A web application in which people sign in. Its secret is read from a variable of the server's environment.
  # - clientId: my-web
  #   clientName: My Web Application
  #   allowedGrantTypes: [authorization_code]
  #   clientSecrets: [{ env: MY_WEB_SECRET }]
  #   redirectUris: [https://app.example.com/callback]
  #   postLogoutRedirectUris: [https://app.example.com/]
  #   allowedScopes: [openid, profile, email, api1.read]
  #   allowOfflineAccess: true # refresh tokens

# People who may sign in with a password: an argon2id hash in PHC form, never the password itself.
# users:
#   - subject: '1'
#     username: alice
#     passwordHash: $argon2id$v=19$m=19456,t=2,p=1$…
#     claims: { name: Alice Smith, email: alice@example.com }
`;
}
