import {
  ApiResource,
  ApiScope,
  AuthorizationDetailType,
  AuthenticationLevel,
  Claim,
  Client,
  ClientIdDocumentRules,
  type ClientInit,
  ClientPolicy,
  DpopRules,
  type Fault,
  IdentityResource,
  IdentityResources,
  InitialAccessToken,
  KeyRules,
  MtlsRules,
  OutgoingRules,
  propertiesOf,
  type RegistrationInit,
  RegistrationRules,
  type Secret,
  SessionRules,
  SoftwareStatementRules,
  StatementIssuer,
  suggestion,
  TokenExchangeRules,
  TrustedIssuer,
  User,
  withheld,
} from '@tessera/resource-model';
import { PagesOptions } from '@tessera/pages';
import { endpointNames, type TokenServerOptions } from '@tessera/token-server';
import { readKeptSecret } from './kept-secret.js';
import { readSecret } from './secret-entry.js';

/** A person of the file; the password is hashed when the whole file has been found good. */
export interface FileUser {
  readonly user: User;
  readonly password?: string;
}

/** What a configuration file says, as objects of the model. */
export interface StsFile extends Omit<TokenServerOptions, 'users'> {
  readonly clients: readonly Client[];
  readonly apiResources: readonly ApiResource[];
  readonly users: readonly FileUser[];
  readonly pages: Partial<PagesOptions>;
}

type Entry = Record<string, unknown>;

/** The identity resources that a file may name without describing them. */
export const readyMade: Readonly<Record<string, () => IdentityResource>> = {
  openid: IdentityResources.openId,
  profile: IdentityResources.profile,
  email: IdentityResources.email,
  phone: IdentityResources.phone,
  address: IdentityResources.address,
};

/** The keys of the file; `$schema` is for editors. */
export const fileKeys: readonly string[] = [
  'issuer', 'profile', 'signingAlgorithms', 'keys', 'sessions', 'authenticationLevels', 'mtls', 'dpop', 'outgoing', 'registration', 'clientIdMetadataDocuments', 'trustedIssuers', 'pages', 'requirePushedAuthorization', 'endpoints', 'identityResources', 'apiScopes', 'apiResources', 'authorizationDetailTypes', 'clients', 'users', '$schema',
]; // prettier-ignore

/**
 * Turns what was parsed into objects. Finds what has the wrong shape and what is unknown; what the objects then say is checked
 * by the model's own rules. The paths of both are the file's: something in the place of each faulty item keeps the numbers right.
 */
export class StsFileReader {
  readonly faults: Fault[] = [];

  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  read(content: unknown): StsFile {
    if (content === null)
      this.fault('', withheld, `is empty: it needs at least an issuer. Its keys are ${fileKeys.join(', ')}`);
    const file = content === null ? {} : this.entry(content, '', 'a key of this file', fileKeys);
    return {
      issuer: file.issuer as string,
      profile: file.profile as StsFile['profile'],
      signingAlgorithms: this.algorithms(file),
      keys: this.settings(file, 'keys', KeyRules),
      sessions: this.settings(file, 'sessions', SessionRules),
      authenticationLevels: this.items(file, 'authenticationLevels', (value, path) => this.level(value, path)),
      mtls: this.settings(file, 'mtls', MtlsRules) as StsFile['mtls'],
      dpop: this.settings(file, 'dpop', DpopRules),
      outgoing: this.settings(file, 'outgoing', OutgoingRules),
      registration: this.registration(file),
      clientIdMetadataDocuments: this.clientIdDocuments(file),
      trustedIssuers: this.items(file, 'trustedIssuers', (value, path) => this.trustedIssuer(value, path)),
      pages: this.settings(file, 'pages', PagesOptions) ?? {},
      requirePushedAuthorization: file.requirePushedAuthorization as StsFile['requirePushedAuthorization'],
      endpoints:
        file.endpoints === undefined ? {} : this.entry(file.endpoints, 'endpoints', 'an endpoint', endpointNames),
      identityResources: this.items(file, 'identityResources', (value, path) => this.identityResource(value, path)),
      apiScopes: this.items(file, 'apiScopes', (value, path) => this.apiScope(value, path)),
      apiResources: this.items(file, 'apiResources', (value, path) => this.apiResource(value, path)),
      authorizationDetailTypes: this.items(file, 'authorizationDetailTypes', (value, path) =>
        this.authorizationDetailType(value, path),
      ),
      clients: this.items(file, 'clients', (value, path) => this.client(value, path, file.profile)),
      users: this.items(file, 'users', (value, path) => this.user(value, path)),
    };
  }

  private identityResource(value: unknown, path: string): IdentityResource {
    if (typeof value === 'string') return this.readyMade(value, path);
    const { name, userClaims, ...rest } = this.model(value, path, IdentityResource);
    return new IdentityResource(name as string, userClaims as string[], rest);
  }

  private level(value: unknown, path: string): AuthenticationLevel {
    const { acr, ways } = this.model(value, path, AuthenticationLevel);
    return new AuthenticationLevel({ acr: acr as string, ways: ways as string[][] });
  }

  private readyMade(value: string, path: string): IdentityResource {
    if (Object.hasOwn(readyMade, value)) return readyMade[value]!();
    const names = Object.keys(readyMade);
    const problem = `is not a ready-made identity resource, which are ${names.join(', ')}; describe your own with name and userClaims${suggestion(value, names)}`;
    this.fault(path, value, problem);
    return new IdentityResource(value, []);
  }

  private apiScope(value: unknown, path: string): ApiScope {
    const { name, displayName, ...rest } = this.model(value, path, ApiScope);
    return new ApiScope(name as string, displayName as string, rest);
  }

  private apiResource(value: unknown, path: string): ApiResource {
    const entry = this.model(value, path, ApiResource);
    const { name, displayName, ...rest } = entry;
    return new ApiResource(name as string, displayName as string, {
      ...rest,
      scopes: this.list(entry, 'scopes', path, (scope) => scope as string),
      apiSecrets: this.secrets(entry, 'apiSecrets', path),
    });
  }

  private authorizationDetailType(value: unknown, path: string): AuthorizationDetailType {
    return new AuthorizationDetailType(this.model(value, path, AuthorizationDetailType) as never);
  }

  private client(value: unknown, path: string, profile: unknown): Client {
    const entry = this.model(value, path, Client);
    const claims = this.list(entry, 'claims', path, (claim, at) => this.claim(claim, at)) ?? [];
    const clientSecrets = this.secrets(entry, 'clientSecrets', path);
    const assertionSecret = readKeptSecret(
      entry.assertionSecret,
      `${path}.assertionSecret`,
      this.variables,
      this.faults,
    );
    const tokenExchange =
      entry.tokenExchange && this.model(entry.tokenExchange, `${path}.tokenExchange`, TokenExchangeRules);
    return new Client({
      profile,
      ...entry,
      claims,
      clientSecrets,
      assertionSecret,
      tokenExchange,
    } as unknown as ClientInit);
  }

  private trustedIssuer(value: unknown, path: string): TrustedIssuer {
    return new TrustedIssuer(this.model(value, path, TrustedIssuer) as unknown as TrustedIssuer);
  }

  private claim(value: unknown, path: string): Claim {
    const { type, value: says } = this.model(value, path, Claim);
    return new Claim(type as string, says);
  }

  private user(value: unknown, path: string): FileUser {
    const { password, ...rest } = this.model(value, path, User, ['password']);
    const user = new User(rest as unknown as User);
    if (password === undefined) return { user };
    const at = `${path}.password`;
    if ('passwordHash' in rest) this.fault(at, withheld, 'stands beside passwordHash: give one of the two');
    if (typeof password === 'string' && password !== '') return { user, password };
    this.fault(at, withheld, 'must be text, and not empty; quote a number');
    return { user };
  }

  private registration(file: Entry): StsFile['registration'] {
    const at = 'registration';
    const entry = this.settings(file, at, RegistrationRules);
    return (
      entry && {
        ...entry,
        policy: this.nested(entry, 'policy', at, ClientPolicy),
        softwareStatements: this.softwareStatements(entry, at),
        initialAccessTokens: this.list(entry, 'initialAccessTokens', at, (value, path) => {
          const token = this.model(value, path, InitialAccessToken);
          return {
            name: token.name as string,
            secret: readSecret(token.secret, `${path}.secret`, this.variables, this.faults),
            policy: this.nested(token, 'policy', path, ClientPolicy),
          };
        }),
      }
    );
  }

  private softwareStatements(entry: Entry, parent: string): RegistrationInit['softwareStatements'] {
    const rules = this.nested(entry, 'softwareStatements', parent, SoftwareStatementRules);
    const at = `${parent}.softwareStatements`;
    const issuers = rules && this.list(rules, 'issuers', at, (value, path) => this.model(value, path, StatementIssuer));
    return rules && { ...rules, issuers: issuers as never };
  }

  private clientIdDocuments(file: Entry): StsFile['clientIdMetadataDocuments'] {
    const at = 'clientIdMetadataDocuments';
    const entry = this.settings(file, at, ClientIdDocumentRules);
    return entry && { ...entry, policy: this.nested(entry, 'policy', at, ClientPolicy) };
  }

  private nested(entry: Entry, key: string, parent: string, type: Function): Entry | undefined {
    return entry[key] === undefined ? undefined : this.model(entry[key], `${parent}.${key}`, type);
  }

  private settings(file: Entry, key: string, type: Function): Entry | undefined {
    return file[key] === undefined ? undefined : this.model(file[key], key, type);
  }

  private secrets(entry: Entry, key: string, path: string): Secret[] {
    return this.list(entry, key, path, (secret, at) => readSecret(secret, at, this.variables, this.faults)) ?? [];
  }

  private algorithms(file: Entry): TokenServerOptions['signingAlgorithms'] {
    const given = this.list(file, 'signingAlgorithms', '', (value) => value);
    if (!given || given.every((algorithm) => typeof algorithm === 'string')) return given as never;
    this.fault('signingAlgorithms', given, 'must be a list of names, e.g. [RS256, ES256]');
    return undefined;
  }

  /** A list of the file itself. In the place of what is no list stands one faulty item: nothing else is then blamed for lacking it. */
  private items<T>(file: Entry, key: string, read: (value: unknown, path: string) => T): T[] {
    return this.list(file, key, '', read) ?? (key in file ? [read({}, `${key}[0]`)] : []);
  }

  private list<T>(
    entry: Entry,
    key: string,
    parent: string,
    read: (value: unknown, path: string) => T,
  ): T[] | undefined {
    const value = entry[key];
    if (value === undefined) return undefined;
    const path = parent === '' ? key : `${parent}.${key}`;
    if (Array.isArray(value)) return value.map((item, index) => read(item, `${path}[${index}]`));
    this.fault(path, value, 'must be a list');
    return undefined;
  }

  private model(value: unknown, path: string, type: Function, more: readonly string[] = []): Entry {
    return this.entry(value, path, `a property of ${type.name}`, [...propertiesOf(type), ...more]);
  }

  /**
   * The known keys of an object. Empty ones are left out: what is written down without a value counts as absent. The value of an
   * unknown key is not repeated: `pasword: …` holds a password.
   */
  private entry(value: unknown, path: string, what: string, known: readonly string[]): Entry {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fault(path, value, 'must be an object: keys with values');
      return {};
    }
    for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
      const others = known.length > 10 ? '' : `, which are ${known.join(', ')}`;
      this.fault(path === '' ? key : `${path}.${key}`, withheld, `is not ${what}${others}${suggestion(key, known)}`);
    }
    return Object.fromEntries(Object.entries(value).filter(([key, given]) => given !== null && known.includes(key)));
  }

  private fault(path: string, value: unknown, problem: string): void {
    this.faults.push({ path, value, problem });
  }
}
