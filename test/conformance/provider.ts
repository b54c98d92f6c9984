import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { type ClientInit, IdentityResources, Secret, sha256, User } from '@tessera/token-server';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, type JWTPayload, type JWTVerifyResult } from 'jose';
import type { PlainBrowser } from '../plain-browser.js';
import { FakeClock, type RunningServer, startServer } from '../running-server.js';

/** Where the suite listens, under the alias `tessera`. */
export const callback = 'https://suite.example/test/a/tessera/callback';

/** The standard claims of each scope (OpenID Connect Core §5.4). */
export const claimsOfScope = {
  profile: [
    'name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture',
    'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
} as const; // prettier-ignore

/** Everything that OpenID Connect Core §5.1 has a name for. */
export const everything = {
  name: 'Alice Beatrice Smith',
  given_name: 'Alice',
  family_name: 'Smith',
  middle_name: 'Beatrice',
  nickname: 'Ali',
  preferred_username: 'alice',
  profile: 'https://people.example/alice',
  picture: 'https://people.example/alice.png',
  website: 'https://alice.example',
  gender: 'female',
  birthdate: '1985-11-02',
  zoneinfo: 'Europe/Zurich',
  locale: 'de-CH',
  updated_at: 1_700_000_000,
  email: 'alice@example.com',
  email_verified: true,
  phone_number: '+41 44 668 18 00',
  phone_number_verified: false,
  address: {
    formatted: 'Bahnhofstrasse 1\n8001 Zürich\nSwitzerland',
    street_address: 'Bahnhofstrasse 1',
    locality: 'Zürich',
    region: 'ZH',
    postal_code: '8001',
    country: 'CH',
  },
};

/** Of the password `alice`, as cheap as argon2 can be: people sign in more than a hundred times here. */
export const quickHash =
  '$argon2id$v=19$m=64,t=1,p=1$h4SdX0IUQ66djLscg2ofmg$rvxm3i3TD8zBoY/+NXevplLCW/2mCVL2KlBKdCGhmUY';

/** The flow of a response type: a client of ours may use one flow, so that each plan has clients of its own. */
export function flowOf(responseType: string): Flow {
  if (responseType === 'code') return 'basic';
  return responseType.split(' ').includes('code') ? 'hybrid' : 'implicit';
}

export type Flow = keyof typeof grantTypes;

const grantTypes = { basic: 'authorization_code', implicit: 'implicit', hybrid: 'hybrid' } as const;

/** The clients of docs/conformance.md, and one whose redirect URI has a query. */
function clientsOf(flow: Flow): ClientInit[] {
  const client = {
    allowedGrantTypes: [grantTypes[flow]],
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: [callback],
    allowedScopes: ['openid', 'profile', 'email', 'address', 'phone'],
    allowAccessTokensViaBrowser: flow !== 'basic',
    allowOfflineAccess: flow !== 'implicit',
    // The suite sends a proof key in one module only.
    requirePkce: false,
  };
  return [
    { ...client, clientId: flow },
    { ...client, clientId: `${flow}-post`, tokenEndpointAuthMethod: 'client_secret_post' },
    { ...client, clientId: `${flow}-second` },
    { ...client, clientId: `${flow}-query`, redirectUris: [`${callback}?foo=bar`] },
    { ...client, clientId: `${flow}-signed`, userinfoSignedResponseAlg: 'RS256' },
  ];
}

/** The server that the plans are about, as it is deployed, and what a client knows of it from discovery. */
export class Provider {
  private browser?: Promise<PlainBrowser>;

  private constructor(
    readonly server: RunningServer,
    readonly clock: FakeClock,
    // A spec says what it expects to find.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    readonly metadata: any,
    readonly keys: JSONWebKeySet,
  ) {}

  static async start(): Promise<Provider> {
    const clock = new FakeClock();
    const { openId, profile, email, address, phone } = IdentityResources;
    const server = await startServer({
      tls: true,
      clock,
      options: {
        imports: [AccountsModule, PagesModule],
        identityResources: [openId(), profile(), email(), address(), phone()],
        apiResources: [],
        clients: (['basic', 'implicit', 'hybrid'] as const).flatMap(clientsOf),
        users: [new User({ subject: '1', username: 'alice', passwordHash: quickHash, claims: everything })],
      },
    });
    const metadata = (await server.send('.well-known/openid-configuration')).body;
    const keys = (await server.send(new URL(metadata.jwks_uri).pathname.slice(1))).body;
    return new Provider(server, clock, metadata, keys);
  }

  /** As the clients of the suite check an id_token (OpenID Connect Core §3.1.3.7, rules 2 to 10), by the clock of the server. */
  async verify(idToken: string, clientId: string): Promise<JWTVerifyResult<JWTPayload>> {
    return jwtVerify(idToken, createLocalJWKSet(this.keys), {
      issuer: this.metadata.issuer,
      audience: clientId,
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'iat', 'exp'],
      maxTokenAge: 300,
      currentDate: new Date(this.clock.now() * 1000),
    });
  }

  /** One browser for a whole spec: a sign-in costs more than all the rest of a test. */
  shared(signIn: () => Promise<PlainBrowser>): Promise<PlainBrowser> {
    return (this.browser ??= signIn());
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
