import {
  ApiResource,
  ApiScope,
  AuthenticationLevel,
  AuthorizationDetailType,
  Claim,
  Client,
  type ClientInit,
  IdentityResource,
  IdentityResources,
  suggestion,
  TokenExchangeRules,
  TrustedIssuer,
  User,
  withheld,
} from '@tessera/resource-model';
import type { EntryReader } from './entry-reader.js';

/** A person of the file; the password is hashed when the whole file has been found good. */
export interface FileUser {
  readonly user: User;
  readonly password?: string;
}

/** The identity resources that a file may name without describing them. */
export const readyMade: Readonly<Record<string, () => IdentityResource>> = {
  openid: IdentityResources.openId,
  profile: IdentityResources.profile,
  email: IdentityResources.email,
  phone: IdentityResources.phone,
  address: IdentityResources.address,
};

/** The items of the file's lists, each as an object of the model. */
export class FileItems {
  constructor(private readonly reader: EntryReader) {}

  readonly identityResource = (value: unknown, path: string): IdentityResource => {
    if (typeof value === 'string') return this.readyMade(value, path);
    const { name, userClaims, ...rest } = this.reader.model(value, path, IdentityResource);
    return new IdentityResource(name as string, userClaims as string[], rest);
  };

  readonly level = (value: unknown, path: string): AuthenticationLevel => {
    const { acr, ways } = this.reader.model(value, path, AuthenticationLevel);
    return new AuthenticationLevel({ acr: acr as string, ways: ways as string[][] });
  };

  readonly apiScope = (value: unknown, path: string): ApiScope => {
    const { name, displayName, ...rest } = this.reader.model(value, path, ApiScope);
    return new ApiScope(name as string, displayName as string, rest);
  };

  readonly apiResource = (value: unknown, path: string): ApiResource => {
    const entry = this.reader.model(value, path, ApiResource);
    const { name, displayName, ...rest } = entry;
    return new ApiResource(name as string, displayName as string, {
      ...rest,
      scopes: this.reader.list(entry, 'scopes', path, (scope) => scope as string),
      apiSecrets: this.reader.secrets(entry, 'apiSecrets', path),
    });
  };

  readonly authorizationDetailType = (value: unknown, path: string): AuthorizationDetailType =>
    new AuthorizationDetailType(this.reader.model(value, path, AuthorizationDetailType) as never);

  readonly trustedIssuer = (value: unknown, path: string): TrustedIssuer =>
    new TrustedIssuer(this.reader.model(value, path, TrustedIssuer) as unknown as TrustedIssuer);

  readonly user = (value: unknown, path: string): FileUser => {
    const { password, ...rest } = this.reader.model(value, path, User, ['password']);
    const user = new User(rest as unknown as User);
    if (password === undefined) return { user };
    const at = `${path}.password`;
    if ('passwordHash' in rest) this.reader.fault(at, withheld, 'stands beside passwordHash: give one of the two');
    if (typeof password === 'string' && password !== '') return { user, password };
    this.reader.fault(at, withheld, 'must be text, and not empty; quote a number');
    return { user };
  };

  /** @param profile of the server: clients are held to it unless they name another */
  client(value: unknown, path: string, profile: unknown): Client {
    const { reader } = this;
    const entry = reader.model(value, path, Client);
    return new Client({
      profile,
      ...entry,
      claims: reader.list(entry, 'claims', path, (claim, at) => this.claim(claim, at)) ?? [],
      clientSecrets: reader.secrets(entry, 'clientSecrets', path),
      assertionSecret: reader.keptSecret(entry.assertionSecret, `${path}.assertionSecret`),
      tokenExchange: entry.tokenExchange && reader.nested(entry, 'tokenExchange', path, TokenExchangeRules),
    } as unknown as ClientInit);
  }

  private claim(value: unknown, path: string): Claim {
    const { type, value: says } = this.reader.model(value, path, Claim);
    return new Claim(type as string, says);
  }

  private readyMade(value: string, path: string): IdentityResource {
    if (Object.hasOwn(readyMade, value)) return readyMade[value]!();
    const names = Object.keys(readyMade);
    const problem = `is not a ready-made identity resource, which are ${names.join(', ')}; describe your own with name and userClaims${suggestion(value, names)}`;
    this.reader.fault(path, value, problem);
    return new IdentityResource(value, []);
  }
}
