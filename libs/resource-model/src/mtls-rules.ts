import { IsArray, IsOptional, IsString } from 'class-validator';
import { IsCertificateSource, IsNetwork } from './certificate-rules.js';
import { IsWebUrl } from './validation-rules.js';

/** How the server comes to know the certificates of its clients (RFC 8705). */
export class MtlsRules {
  /**
   * `socket`: this server ends TLS and asks for certificates. `{ header }`: a proxy does, has checked that the client holds the key, and passes the certificate
   * on in this header: URL-encoded PEM (nginx `$ssl_client_escaped_cert`), PEM in one line, base64 of the DER, RFC 9440 or Envoy's
   * `X-Forwarded-Client-Cert`. The proxy must replace the header in what it receives.
   */
  @IsCertificateSource()
  certificate!: 'socket' | { readonly header: string };

  /**
   * From whom the header is believed: addresses and networks of the proxies that connect to this server, e.g. `10.0.0.0/8` or `loopback`. None: from everybody, so
   * that nobody but the proxy must reach the server; the deployable server takes those of STS_TRUST_PROXY.
   */
  @IsOptional()
  @IsArray()
  @IsNetwork({ each: true })
  trustedProxies?: string[];

  /**
   * The authorities that issue the certificates of clients with `tls_client_auth`, in PEM form. With `socket` TLS checks them, and they are needed. With a header the
   * proxy checks; those given here, if any, must have issued the certificate directly: needed where the proxy lets self-signed ones pass as well. In a configuration file also `{ file: /path/ca.pem }`.
   */
  @IsArray()
  @IsString({ each: true })
  certificateAuthorities: string[] = [];

  /**
   * The URL of the host under which this server asks for certificates, where that is not the issuer's: published as
   * `mtls_endpoint_aliases` (RFC 8705 §5), so that browsers at the issuer's host are never asked for one.
   */
  @IsOptional()
  @IsWebUrl()
  baseUrl?: string;

  constructor(init: Partial<MtlsRules> = {}) {
    Object.assign(this, init);
  }
}
