import { randomUUID, X509Certificate } from 'node:crypto';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { BackchannelNotifier, type BackchannelQuestion, type ClientInit, User } from '@tessera/token-server';
import { decodeJwt, type JWTHeaderParameters, SignJWT } from 'jose';
import {
  assert,
  type AssertionDifference,
  type ClientKey,
  clientKey,
} from '../../libs/token-server/src/clients/client-assertion.spec.fixture.js';
import {
  type TestCertificate,
  TestAuthority,
} from '../../libs/token-server/src/possession/certificates.spec.fixture.js';
import { DpopHolder } from '../../libs/token-server/src/possession/dpop-holder.spec.fixture.js';
import { NotificationEndpoint } from '../notification-endpoint.js';
import { PlainBrowser } from '../plain-browser.js';
import { type Answer, requestsTo } from '../requests.js';
import { FakeClock, type RunningServer, seed, startServer } from '../running-server.js';
import { everything, quickHash } from './provider.js';

/** `client_auth_type` and `ciba_mode`, by which the plan has variants; tokens are bound to a key with one and to a certificate with the other. */
export interface CibaVariant {
  readonly auth: 'private_key_jwt' | 'mtls';
  readonly mode: 'poll' | 'ping';
}

export const cibaVariants: readonly CibaVariant[] = [
  { auth: 'private_key_jwt', mode: 'poll' },
  { auth: 'private_key_jwt', mode: 'ping' },
  { auth: 'mtls', mode: 'poll' },
  { auth: 'mtls', mode: 'ping' },
];

/** What one request is to have otherwise than an honest client makes it. */
export interface CibaOtherwise {
  readonly assertion?: AssertionDifference;
  /** With whose key the assertion is signed. */
  readonly key?: ClientKey;
  readonly anonymous?: true;
  /** Neither a proof nor a certificate. */
  readonly bare?: true;
}

type Claims = Readonly<Record<string, unknown>>;

class Telephones extends BackchannelNotifier {
  last = '';

  async notify({ url }: BackchannelQuestion): Promise<void> {
    this.last = url;
  }
}

/** The server that the plan for FAPI-CIBA is about: all variants at once, each with two clients. */
export class CibaProvider {
  private browser?: Promise<PlainBrowser>;

  private constructor(
    readonly server: RunningServer,
    readonly clock: FakeClock,
    readonly endpoint: NotificationEndpoint,
    private readonly telephones: Telephones,
    readonly clients: ReadonlyMap<CibaVariant, readonly [first: CibaClient, second: CibaClient]>,
    // A spec says what it expects to find.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    readonly metadata: any,
  ) {}

  static async start(): Promise<CibaProvider> {
    const [clock, telephones] = [new FakeClock(), new Telephones()];
    const [authority, endpoint] = await Promise.all([TestAuthority.create('Directory'), NotificationEndpoint.start()]);
    const clients = new Map(
      await Promise.all(
        cibaVariants.map(async (variant) => {
          const first = await CibaClient.create(variant, 'first', authority, clock);
          return [variant, [first, await CibaClient.create(variant, 'second', authority, clock)] as const] as const;
        }),
      ),
    );
    const server = await startServer({
      tls: true,
      clock,
      options: {
        profile: 'fapi-ciba',
        imports: [AccountsModule, PagesModule],
        signingAlgorithms: ['PS256', 'ES256'],
        mtls: { certificate: 'socket', certificateAuthorities: [authority.cert] },
        outgoing: { allowPrivateAddresses: true, certificateAuthorities: [endpoint.ca] },
        identityResources: seed.identityResources,
        clients: [...clients.values()].flat().map((client) => client.registration(endpoint.url)),
        users: [new User({ subject: '1', username: 'alice', passwordHash: quickHash, claims: everything })],
        providers: [{ provide: BackchannelNotifier, useValue: telephones }],
      },
    });
    [...clients.values()].flat().forEach((client) => client.use(server));
    const metadata = (await server.send('.well-known/openid-configuration')).body;
    return new CibaProvider(server, clock, endpoint, telephones, clients, metadata);
  }

  /** Alice answers what she was asked last. */
  async answer(decision: 'allow' | 'deny'): Promise<void> {
    const browser = await (this.browser ??= this.signIn());
    const page = await browser.open(this.telephones.last);
    const done = await browser.submit(page, { decision, scope: ['openid', 'offline_access'] });
    if (done.url.pathname !== '/backchannel/done') throw new Error(`Not answered: ${done.text}`);
  }

  async close(): Promise<void> {
    this.endpoint.close();
    await this.server.close();
  }

  private async signIn(): Promise<PlainBrowser> {
    const browser = new PlainBrowser(this.server);
    await browser.signIn(await browser.open('/signin'));
    return browser;
  }
}

/** A client of the plan. */
export class CibaClient {
  readonly clientId: string;
  /** It may name the endpoints as the audience of its assertions. */
  private readonly isSecond: boolean;
  private readonly holder: DpopHolder;
  private server?: RunningServer;

  private constructor(
    readonly variant: CibaVariant,
    which: string,
    readonly key: ClientKey,
    private readonly certificate: TestCertificate,
    private readonly clock: FakeClock,
  ) {
    this.isSecond = which === 'second';
    this.clientId = `${which} of ${variant.auth} and ${variant.mode}`;
    this.holder = new DpopHolder(() => clock.now());
  }

  static async create(variant: CibaVariant, which: string, authority: TestAuthority, clock: FakeClock) {
    const subject = [{ CN: [`${which} of ${variant.auth} and ${variant.mode}`] }];
    return new CibaClient(
      variant,
      which,
      await clientKey(which === 'first' ? 'ES256' : 'EdDSA', which),
      await authority.issue({ subject }),
      clock,
    );
  }

  use(server: RunningServer): void {
    this.server = server;
  }

  registration(notificationEndpoint: string): ClientInit {
    const { auth, mode } = this.variant;
    const alg = this.key.alg as 'ES256';
    const { subject } = new X509Certificate(this.certificate.cert);
    return {
      clientId: this.clientId,
      allowedGrantTypes: ['urn:openid:params:grant-type:ciba'],
      allowedScopes: ['openid', 'profile'],
      allowOfflineAccess: true,
      jwks: { keys: [this.key.jwk] },
      backchannelTokenDeliveryMode: mode,
      backchannelAuthenticationRequestSigningAlg: alg,
      ...(mode === 'ping' && { backchannelClientNotificationEndpoint: notificationEndpoint }),
      ...(auth === 'mtls'
        ? {
            tokenEndpointAuthMethod: 'tls_client_auth',
            tlsClientAuthSubjectDn: subject,
            tlsClientCertificateBoundAccessTokens: true,
          }
        : {
            tokenEndpointAuthSigningAlg: alg,
            requireDpop: true,
            allowEndpointAudiences: this.isSecond,
            requireAudienceText: !this.isSecond,
          }),
    };
  }

  /** What an honest client signs. */
  claims(changes: Claims = {}): Claims {
    const now = this.clock.now();
    return {
      iss: this.clientId,
      aud: this.server!.url,
      iat: now,
      nbf: now,
      exp: now + 300,
      jti: randomUUID(),
      scope: 'openid',
      login_hint: 'alice',
      binding_message: '1234',
      ...(this.variant.mode === 'ping' && { client_notification_token: randomUUID() }),
      ...changes,
    };
  }

  sign(
    claims: Claims,
    header: Partial<JWTHeaderParameters> = {},
    { alg, jwk, privateKey } = this.key,
  ): Promise<string> {
    const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
    return new SignJWT(given).setProtectedHeader({ alg, kid: jwk.kid, ...header }).sign(privateKey);
  }

  async ask(changes: Claims = {}, otherwise: CibaOtherwise = {}): Promise<Answer> {
    return this.send({ request: await this.sign(this.claims(changes)) }, otherwise);
  }

  send(form: Readonly<Record<string, string>>, otherwise: CibaOtherwise = {}): Promise<Answer> {
    return this.post('connect/ciba', form, otherwise);
  }

  /** Comes for the tokens, by the clock of the server never too early. */
  fetch(authReqId: string, otherwise: CibaOtherwise = {}): Promise<Answer> {
    this.clock.advance(5);
    const form = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: authReqId };
    return this.post('connect/token', form, otherwise);
  }

  refresh(refreshToken: string): Promise<Answer> {
    return this.post('connect/token', { grant_type: 'refresh_token', refresh_token: refreshToken }, {});
  }

  /** What the access token is bound to, and what that should be. */
  binding(accessToken: string): readonly [found: unknown, expected: unknown] {
    const expected =
      this.variant.auth === 'mtls' ? { 'x5t#S256': this.certificate.thumbprint } : { jkt: this.holder.thumbprint };
    return [decodeJwt(accessToken).cnf, expected];
  }

  private async post(path: string, form: Readonly<Record<string, string>>, otherwise: CibaOtherwise): Promise<Answer> {
    const { url, fetch, fetchAs } = this.server!;
    const isCertified = this.variant.auth === 'mtls';
    const { key = this.key, assertion, anonymous, bare } = otherwise;
    const issuer = { now: this.clock.now(), issuer: url };
    const who = isCertified ? { client_id: this.clientId } : await assert(key, this.clientId, issuer, assertion);
    const headers: Record<string, string> =
      isCertified || bare ? {} : { dpop: this.holder.proof('POST', `${url}/${path}`) };
    const over = requestsTo(url, isCertified && !bare && !anonymous ? fetchAs(this.certificate) : fetch);
    return over.form(path, { ...form, ...(anonymous ? { client_id: this.clientId } : who) }, headers);
  }
}
