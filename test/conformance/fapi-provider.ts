import { X509Certificate } from 'node:crypto';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { type ClientInit, IdentityResources, type ProfileName, TokenServerModule, User } from '@tessera/token-server';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, type JWTVerifyResult } from 'jose';
import { type ClientKey, clientKey } from '../../libs/token-server/src/clients/client-assertion.spec.fixture.js';
import {
  type TestCertificate,
  TestAuthority,
} from '../../libs/token-server/src/possession/certificates.spec.fixture.js';
import { PlainBrowser } from '../plain-browser.js';
import { FakeClock, type RunningServer, startServer } from '../running-server.js';
import { callback, claimsOfScope, everything, quickHash } from './provider.js';

/** `client_auth_type` and `sender_constrain`, by which the plans have variants. */
export interface FapiVariant {
  readonly auth: 'private_key_jwt' | 'mtls';
  readonly binding: 'dpop' | 'mtls';
}

export const fapiVariants: readonly FapiVariant[] = [
  { auth: 'private_key_jwt', binding: 'dpop' },
  { auth: 'private_key_jwt', binding: 'mtls' },
  { auth: 'mtls', binding: 'mtls' },
  { auth: 'mtls', binding: 'dpop' },
];

/** What a client of the plans has to prove itself with. */
export interface FapiCredentials {
  readonly clientId: string;
  readonly key: ClientKey;
  readonly certificate: TestCertificate;
}

/** Of one variant: the client that most modules use, and the second. */
export type FapiPair = readonly [first: FapiCredentials, second: FapiCredentials];

/** The server that the plans for FAPI 2.0 are about: all variants at once, each with two clients. */
export class FapiProvider {
  private browser?: Promise<PlainBrowser>;

  private constructor(
    readonly server: RunningServer,
    readonly clock: FakeClock,
    readonly pairs: ReadonlyMap<string, FapiPair>,
    // A spec says what it expects to find.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    readonly metadata: any,
    readonly keys: JSONWebKeySet,
  ) {}

  static async start(profile: ProfileName): Promise<FapiProvider> {
    const clock = new FakeClock();
    const authority = await TestAuthority.create('Directory');
    const pairs = new Map(await Promise.all(fapiVariants.map(async (variant) => [nameOf(variant), await pairOf(variant, authority)] as const))); // prettier-ignore
    const { openId, profile: personal, email, address, phone } = IdentityResources;
    const server = await startServer({
      tls: true,
      clock,
      // One listener under two names, as if certificates were asked for at the second alone.
      module: (options) => {
        const baseUrl = options.issuer.replace('127.0.0.1', 'localhost');
        return TokenServerModule.forRoot({ ...options, mtls: { ...options.mtls!, baseUrl } });
      },
      options: {
        imports: [AccountsModule, PagesModule],
        signingAlgorithms: ['PS256', 'ES256'],
        mtls: { certificate: 'socket', certificateAuthorities: [authority.cert] },
        identityResources: [openId(), personal(), email(), address(), phone()],
        apiResources: [],
        clients: fapiVariants.flatMap((variant) =>
          pairs.get(nameOf(variant))!.map((credentials) => clientOf(profile, variant, credentials)),
        ),
        users: [new User({ subject: '1', username: 'alice', passwordHash: quickHash, claims: everything })],
      },
    });
    const metadata = (await server.send('.well-known/openid-configuration')).body;
    const keys = (await server.send(new URL(metadata.jwks_uri).pathname.slice(1))).body;
    return new FapiProvider(server, clock, pairs, metadata, keys);
  }

  /** As clients check what the server signs, by its clock. */
  verify(jwt: string, audience: string): Promise<JWTVerifyResult> {
    return jwtVerify(jwt, createLocalJWKSet(this.keys), {
      issuer: this.metadata.issuer,
      audience,
      // FAPI 2.0 Security Profile §5.4.1.
      algorithms: ['PS256', 'ES256', 'EdDSA'],
      currentDate: new Date(this.clock.now() * 1000),
    });
  }

  /** Alice's browser, in which she signed in at the first need: a sign-in costs more than all the rest of a test. */
  signedIn(): Promise<PlainBrowser> {
    return (this.browser ??= (async () => {
      const browser = new PlainBrowser(this.server);
      await browser.signIn(await browser.open('/signin'));
      return browser;
    })());
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

export function nameOf({ auth, binding }: FapiVariant): string {
  return `${auth} and ${binding}`;
}

async function pairOf(variant: FapiVariant, authority: TestAuthority): Promise<FapiPair> {
  const credentials = async (which: string, alg: string): Promise<FapiCredentials> => {
    const clientId = `${which} of ${nameOf(variant)}`;
    return {
      clientId,
      key: await clientKey(alg, `${which}-key`),
      certificate: await authority.issue({ subject: [{ C: ['CH'] }, { CN: [clientId] }] }),
    };
  };
  // RSA keys take their time: one is enough.
  const second = variant === fapiVariants[0] ? 'PS256' : 'EdDSA';
  return [await credentials('first', 'ES256'), await credentials('second', second)];
}

function clientOf(profile: ProfileName, { auth, binding }: FapiVariant, credentials: FapiCredentials): ClientInit {
  const { clientId, key, certificate } = credentials;
  const subject = new X509Certificate(certificate.cert).subject.split('\n').toReversed().join(',');
  return {
    clientId,
    profile,
    allowedGrantTypes: ['authorization_code'],
    redirectUris: [callback, `${callback}?dummy1=lorem&dummy2=ipsum`],
    allowedScopes: ['openid', ...Object.keys(claimsOfScope)],
    allowOfflineAccess: true,
    jwks: { keys: [key.jwk] },
    ...(auth === 'mtls'
      ? { tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuthSubjectDn: subject }
      : { tokenEndpointAuthSigningAlg: key.alg as 'ES256' }),
    ...(binding === 'mtls' ? { tlsClientCertificateBoundAccessTokens: true } : { requireDpop: true }),
    ...(profile === 'fapi2-message-signing' && {
      requestObjectSigningAlg: key.alg as 'ES256',
      authorizationSignedResponseAlg: 'PS256',
    }),
  };
}
