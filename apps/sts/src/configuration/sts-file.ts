import {
  ApiResource,
  ApiScope,
  Claim,
  Client,
  type ClientInit,
  type Fault,
  IdentityResource,
  IdentityResources,
  type Secret,
  suggestion,
  User,
} from '@tessera/resource-model';
import type { TokenServerOptions } from '@tessera/token-server';
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
}

type Entry = Record<string, unknown>;

const readyMade: Readonly<Record<string, () => IdentityResource>> = {
  openid: IdentityResources.openId,
  profile: IdentityResources.profile,
  email: IdentityResources.email,
  phone: IdentityResources.phone,
  address: IdentityResources.address,
};

/** The keys of the file. */
export const fileKeys = [
  'issuer', 'signingAlgorithms', 'endpoints', 'identityResources', 'apiScopes', 'apiResources', 'clients', 'users',
]; // prettier-ignore

/**
 * Turns what was parsed into objects. Finds what has the wrong shape; what the objects then say is checked by the model's own
 * rules. The paths of both are the file's.
 */
export class StsFileReader {
  readonly faults: Fault[] = [];

  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  read(content: unknown): StsFile {
    const file = this.entry(content, '') ?? {};
    for (const key of Object.keys(file).filter((name) => !fileKeys.includes(name))) {
      this.fault(
        key,
        file[key],
        `is not a key of this file, which are ${fileKeys.join(', ')}${suggestion(key, fileKeys)}`,
      );
    }
    return {
      issuer: file.issuer as string,
      signingAlgorithms: file.signingAlgorithms as TokenServerOptions['signingAlgorithms'],
      endpoints: this.entry(file.endpoints ?? {}, 'endpoints'),
      identityResources: this.list(file, 'identityResources', (value, path) => this.identityResource(value, path)),
      apiScopes: this.entries(
        file,
        'apiScopes',
        ({ name, displayName, ...rest }) => new ApiScope(name as string, displayName as string, rest),
      ),
      apiResources: this.entries(file, 'apiResources', (entry, path) => this.apiResource(entry, path)),
      clients: this.entries(file, 'clients', (entry, path) => this.client(entry, path)),
      users: this.entries(file, 'users', (entry, path) => this.user(entry, path)),
    };
  }

  private identityResource(value: unknown, path: string): IdentityResource | undefined {
    if (typeof value === 'string') {
      const ready = Object.hasOwn(readyMade, value) ? readyMade[value] : undefined;
      if (ready) return ready();
      const names = Object.keys(readyMade);
      this.fault(
        path,
        value,
        `is not a ready-made identity resource, which are ${names.join(', ')}${suggestion(value, names)}; describe your own with name and userClaims`,
      );
      return undefined;
    }
    const entry = this.entry(value, path);
    if (!entry) return undefined;
    const { name, userClaims, ...rest } = entry;
    return new IdentityResource(name as string, userClaims as string[], rest);
  }

  private apiResource(entry: Entry, path: string): ApiResource {
    const { name, displayName, ...rest } = entry;
    const apiSecrets = this.secrets(entry, 'apiSecrets', path);
    return new ApiResource(name as string, displayName as string, { ...rest, ...(apiSecrets && { apiSecrets }) });
  }

  private client(entry: Entry, path: string): Client {
    const clientSecrets = this.secrets(entry, 'clientSecrets', path);
    const claims = Array.isArray(entry.claims)
      ? entry.claims.map((claim: Partial<Claim> | undefined) => new Claim(claim?.type as string, claim?.value))
      : undefined;
    return new Client({ ...entry, ...(clientSecrets && { clientSecrets }), ...(claims && { claims }) } as ClientInit);
  }

  private user(entry: Entry, path: string): FileUser {
    const { password, ...rest } = entry;
    if (password !== undefined && (typeof password !== 'string' || password === '')) {
      this.fault(`${path}.password`, undefined, 'must be text, and not empty');
    }
    if (password !== undefined && entry.passwordHash !== undefined) {
      this.fault(`${path}.password`, undefined, 'stands beside passwordHash: give one of the two');
    }
    return { user: new User(rest as unknown as User), password: password as string | undefined };
  }

  private secrets(entry: Entry, key: string, path: string): Secret[] | undefined {
    const value = entry[key];
    if (!Array.isArray(value)) return undefined;
    return value.map((secret, index) => readSecret(secret, `${path}.${key}[${index}]`, this.variables, this.faults));
  }

  private entries<T>(file: Entry, key: string, read: (entry: Entry, path: string) => T): T[] {
    return this.list(file, key, (value, path) => {
      const entry = this.entry(value, path);
      return entry && read(entry, path);
    });
  }

  private list<T>(file: Entry, key: string, read: (value: unknown, path: string) => T | undefined): T[] {
    const value = file[key] ?? [];
    if (!Array.isArray(value)) {
      this.fault(key, value, 'must be a list');
      return [];
    }
    return value.map((item, index) => read(item, `${key}[${index}]`)).filter((item) => item !== undefined);
  }

  /** An object without its empty keys: what is written down without a value counts as left out. */
  private entry(value: unknown, path: string): Entry | undefined {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value).filter(([, given]) => given !== null));
    }
    this.fault(path || 'the file', value ?? undefined, 'must be an object: keys with values');
    return undefined;
  }

  private fault(path: string, value: unknown, problem: string): void {
    this.faults.push({ path, value, problem });
  }
}
