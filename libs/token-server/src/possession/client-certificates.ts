import type { X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { CertificateError, type ClientCertificate, readClientCertificate } from '@tessera/jws';
import { OAuthError } from '@tessera/protocol';
import { addressesOf, type Client, Clock, type Confirmation } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import type { PresentedToken } from '../http/presented-token.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { IssuingAuthorities } from './issuing-authorities.js';
import type { PossessionCall, PossessionProof, Proven } from './possession-proof.js';

/** What is used of node's sockets. */
interface Socket {
  readonly remoteAddress?: string;
  /** Of a TLS connection: whether the certificate leads to an authority that the listener was given. */
  readonly authorized?: boolean;
  /** Why the last certificate does not. */
  readonly authorizationError?: unknown;
}

/** The certificates with which clients authenticate their connections (RFC 8705), where the server is told to look for them. */
@Injectable()
export class ClientCertificates implements PossessionProof {
  private readonly mtls: ResolvedOptions['mtls'];
  private readonly proxies: { check(address: string, family: 'ipv4' | 'ipv6'): boolean } | undefined;
  private readonly authorities: IssuingAuthorities;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { mtls }: ResolvedOptions,
    private readonly clock: Clock,
  ) {
    this.mtls = mtls;
    this.proxies = mtls?.trustedProxies && addressesOf(mtls.trustedProxies);
    this.authorities = new IssuingAuthorities(mtls?.certificateAuthorities ?? []);
  }

  /**
   * The one that the sender has shown; undefined for none. A header counts only where the server was told to read it, and from the
   * proxies it was told of: of anybody else it is passed over, as a header without meaning.
   * @throws OAuthError `invalid_request` for a header that comes twice or holds no certificate
   */
  of(request: HttpRequest): ClientCertificate | undefined {
    if (!this.mtls || !this.isFromProxy(request)) return undefined;
    try {
      return readClientCertificate(request, this.mtls.certificate);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      throw new OAuthError('invalid_request', error.message, { cause: error.cause ?? error.code });
    }
  }

  /** RFC 8705 §3. @throws OAuthError `invalid_request` where the client's tokens have to be bound, and it shows no certificate */
  proven({ request }: PossessionCall, client: Client): Proven | undefined {
    if (!client.tlsClientCertificateBoundAccessTokens) return undefined;
    const certificate = this.of(request);
    if (certificate) return { confirmation: { 'x5t#S256': certificate.thumbprint } };
    const description = 'The client gets no tokens without a client certificate (RFC 8705 §3): use mutual TLS.';
    throw new OAuthError('invalid_request', description);
  }

  /** RFC 8705 §3: of no use without the certificate that it is bound to. @throws OAuthError `invalid_token` */
  check({ request }: PossessionCall, _presented: PresentedToken, asked: Confirmation | undefined): void {
    const thumbprint = asked?.['x5t#S256'];
    if (thumbprint === undefined || this.of(request)?.thumbprint === thumbprint) return;
    const description = 'The access token is bound to another client certificate than the one of this connection.';
    throw new OAuthError('invalid_token', description);
  }

  /**
   * Why the certificate is not one of the configured authorities (RFC 8705 §2.1); undefined where it is. TLS has found that out
   * while the connection was made, or the proxy; but connections last, so what may end is looked at each time.
   */
  distrust(request: HttpRequest, { x509 }: ClientCertificate): string | undefined {
    const now = this.clock.now() * 1000;
    if (Date.parse(x509.validTo) < now) return 'the certificate has expired';
    if (Date.parse(x509.validFrom) > now) return 'the certificate is not valid yet';
    if (!isForClients(x509)) return 'the certificate is not for clients, by its extended key usage';
    const socket = socketOf(request);
    const isTrusted =
      this.mtls?.certificate === 'socket'
        ? socket?.authorized === true && !socket.authorizationError
        : this.authorities.isEmpty || this.authorities.haveIssued(x509, now);
    return isTrusted ? undefined : 'the certificate is of none of the authorities';
  }

  private isFromProxy(request: HttpRequest): boolean {
    if (this.mtls?.certificate === 'socket' || !this.proxies) return true;
    const address = socketOf(request)?.remoteAddress;
    return address !== undefined && this.proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}

/** Express: the request is node's own. Fastify: node's request is inside. */
function socketOf(request: HttpRequest & { readonly socket?: unknown }): Socket | undefined {
  const { socket } = (request.raw ?? request) as { readonly socket?: Socket | null };
  return socket ?? undefined;
}

/** RFC 5280 §4.2.1.12: where the extension is there, it says so; node calls it `keyUsage`. */
function isForClients({ keyUsage }: X509Certificate): boolean {
  const usages = keyUsage as readonly string[] | undefined;
  return usages === undefined || usages.includes('1.3.6.1.5.5.7.3.2') || usages.includes('2.5.29.37.0');
}
