import {
  type ApiResource,
  type Client,
  DpopRules,
  type Fault,
  KeyRules,
  MtlsRules,
  OutgoingRules,
  SessionRules,
  withheld,
} from '@tessera/resource-model';
import { PagesOptions } from '@tessera/pages';
import { endpointNames, type TokenServerOptions } from '@tessera/token-server';
import { type Entry, EntryReader } from './entry-reader.js';
import { FileItems, type FileUser } from './file-items.js';
import { readClientIdDocuments, readRegistration } from './registration-sections.js';

/** What a configuration file says, as objects of the model. */
export interface StsFile extends Omit<TokenServerOptions, 'users'> {
  readonly clients: readonly Client[];
  readonly apiResources: readonly ApiResource[];
  readonly users: readonly FileUser[];
  readonly pages: Partial<PagesOptions>;
}

/** The keys of the file; `$schema` is for editors. */
export const fileKeys: readonly string[] = [
  'issuer', 'profile', 'signingAlgorithms', 'keys', 'sessions', 'authenticationLevels', 'mtls', 'dpop', 'outgoing', 'registration', 'clientIdMetadataDocuments', 'trustedIssuers', 'pages', 'requirePushedAuthorization', 'endpoints', 'identityResources', 'apiScopes', 'apiResources', 'authorizationDetailTypes', 'clients', 'users', '$schema',
]; // prettier-ignore

/**
 * Turns what was parsed into objects. Finds what has the wrong shape and what is unknown; what the objects then say is checked
 * by the model's own rules. The paths of both are the file's.
 */
export class StsFileReader {
  private readonly reader: EntryReader;
  private readonly items: FileItems;

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.reader = new EntryReader(variables);
    this.items = new FileItems(this.reader);
  }

  get faults(): readonly Fault[] {
    return this.reader.faults;
  }

  read(content: unknown): StsFile {
    const { reader, items } = this;
    if (content === null) {
      reader.fault('', withheld, `is empty: it needs at least an issuer. Its keys are ${fileKeys.join(', ')}`);
    }
    const file = content === null ? {} : reader.entry(content, '', 'a key of this file', fileKeys);
    return {
      issuer: file.issuer as string,
      profile: file.profile as StsFile['profile'],
      signingAlgorithms: this.algorithms(file),
      keys: reader.settings(file, 'keys', KeyRules),
      sessions: reader.settings(file, 'sessions', SessionRules),
      authenticationLevels: reader.items(file, 'authenticationLevels', items.level),
      mtls: reader.trusting(file, 'mtls', MtlsRules) as StsFile['mtls'],
      dpop: reader.settings(file, 'dpop', DpopRules),
      outgoing: reader.trusting(file, 'outgoing', OutgoingRules),
      registration: readRegistration(reader, file),
      clientIdMetadataDocuments: readClientIdDocuments(reader, file),
      trustedIssuers: reader.items(file, 'trustedIssuers', items.trustedIssuer),
      pages: reader.settings(file, 'pages', PagesOptions) ?? {},
      requirePushedAuthorization: file.requirePushedAuthorization as StsFile['requirePushedAuthorization'],
      endpoints:
        file.endpoints === undefined ? {} : reader.entry(file.endpoints, 'endpoints', 'an endpoint', endpointNames),
      identityResources: reader.items(file, 'identityResources', items.identityResource),
      apiScopes: reader.items(file, 'apiScopes', items.apiScope),
      apiResources: reader.items(file, 'apiResources', items.apiResource),
      authorizationDetailTypes: reader.items(file, 'authorizationDetailTypes', items.authorizationDetailType),
      clients: reader.items(file, 'clients', (value, path) => items.client(value, path, file.profile)),
      users: reader.items(file, 'users', items.user),
    };
  }

  private algorithms(file: Entry): TokenServerOptions['signingAlgorithms'] {
    const given = this.reader.list(file, 'signingAlgorithms', '', (value) => value);
    if (!given || given.every((algorithm) => typeof algorithm === 'string')) return given as never;
    this.reader.fault('signingAlgorithms', given, 'must be a list of names, e.g. [RS256, ES256]');
    return undefined;
  }
}
