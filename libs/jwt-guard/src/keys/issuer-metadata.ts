import { issuerUrlFault } from '../options/issuer-url.js';
import { FetchError, fetchJson } from './fetch-json.js';
import { firstRetry, renewalPart, type IssuerKeyPolicy } from './issuer-key-policy.js';

/** What an issuer says about itself; nothing of it is checked but that it speaks for the issuer. */
interface Metadata {
  /** Where it was found, for messages. */
  readonly url: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/**
 * Where an issuer has its keys and its introspection endpoint, by its metadata (OpenID Connect Discovery §4, RFC 8414 §3).
 * They are fetched when first needed, once for everybody, and again when they have grown old: an issuer may move.
 * Every method rejects with an Error that says what is wrong.
 */
export class IssuerMetadata {
  private held: Metadata | undefined;
  private pending: Promise<Metadata> | undefined;
  private failure: Error | undefined;
  /** Milliseconds: until then what is held, or the last failure, is the answer. */
  private settledUntil = -Infinity;

  constructor(private readonly policy: IssuerKeyPolicy) {}

  async jwksUri(): Promise<string> {
    if (this.policy.jwksUri !== undefined) return this.internal(this.policy.jwksUri);
    return this.endpoint('jwks_uri');
  }

  /** A configured address takes the place of the published one. */
  async introspectionEndpoint(configured?: string): Promise<string> {
    return configured === undefined ? this.endpoint('introspection_endpoint') : this.internal(configured);
  }

  /** The next call fetches: what is held led to something that failed. */
  expire(): void {
    this.settledUntil = -Infinity;
  }

  private async endpoint(name: string): Promise<string> {
    const { url, members } = await this.current();
    const address = members[name];
    const fault = this.faultOf(address);
    if (fault) throw new Error(`the ${name} in ${url} is not usable: ${fault}`);
    return this.internal(address as string);
  }

  private async current(): Promise<Metadata> {
    if (this.policy.clock() >= this.settledUntil) {
      this.pending ??= this.load().finally(() => (this.pending = undefined));
      return this.pending;
    }
    if (this.failure) throw this.failure;
    return this.held!;
  }

  private async load(): Promise<Metadata> {
    const { clock, cacheLifetime } = this.policy;
    const fetchedAt = clock();
    try {
      this.held = await this.fetch();
      this.failure = undefined;
      this.settledUntil = fetchedAt + cacheLifetime * renewalPart * 1000;
      return this.held;
    } catch (error) {
      this.failure = error as Error;
      this.settledUntil = clock() + firstRetry * 1000;
      throw error;
    }
  }

  /** An issuer that is no OpenID provider has its metadata at another address (RFC 8414 §3). */
  private async fetch(): Promise<Metadata> {
    const [openId, oauth] = wellKnownUrls(this.policy.issuer);
    try {
      return await this.fetchFrom(openId);
    } catch (first) {
      if (!(first instanceof FetchError) || first.status !== 404) throw first;
      return await this.fetchFrom(oauth).catch((second: Error) => {
        throw new Error(`${first.message}; ${second.message}`, { cause: second });
      });
    }
  }

  /** OpenID Connect Discovery §4.3, RFC 8414 §3.3: another name would let one issuer speak for another. */
  private async fetchFrom(wellKnown: string): Promise<Metadata> {
    const { issuer, fetchTimeout } = this.policy;
    const url = this.internal(wellKnown);
    const { document } = await fetchJson(url, fetchTimeout);
    if (typeof document !== 'object' || document === null) throw new Error(`${url} holds no metadata`);
    const members = document as Record<string, unknown>;
    if (members.issuer !== issuer) {
      throw new Error(
        `${url} names the issuer '${String(members.issuer).slice(0, 200)}', but '${issuer}' is configured: they must be equal, letter for letter`,
      );
    }
    return { url, members };
  }

  /** What is published for the issuer's origin is fetched from the internal address, and anything else as it stands. */
  private internal(url: string): string {
    const { internalAddress, issuer } = this.policy;
    if (internalAddress === undefined || originOf(url) !== originOf(issuer)) return url;
    const { pathname, search } = new URL(url);
    return withoutSlash(internalAddress) + pathname + search;
  }

  private faultOf(address: unknown): string | undefined {
    const { internalAddress, issuer } = this.policy;
    // An issuer that is asked under its internal address may publish that one.
    if (internalAddress !== undefined && originOf(address) === originOf(internalAddress)) return undefined;
    const fault = issuerUrlFault(address);
    if (fault) return fault;
    const weaker = issuer.startsWith('https:') && !(address as string).startsWith('https:');
    return weaker ? 'it must be https, as the issuer is' : undefined;
  }
}

/**
 * OpenID Connect Discovery §4.1 appends the well-known path to the issuer, RFC 8414 §3.1 inserts it between host and path;
 * both take a terminating slash off first.
 */
function wellKnownUrls(issuer: string): readonly [openId: string, oauth: string] {
  const { origin, pathname } = new URL(issuer);
  return [
    `${withoutSlash(issuer)}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${withoutSlash(pathname)}`,
  ];
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}

function originOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : undefined;
}
