import {
  ClientIdDocumentRules,
  ClientPolicy,
  InitialAccessToken,
  type RegistrationInit,
  RegistrationRules,
  SoftwareStatementRules,
  StatementIssuer,
} from '@tessera/resource-model';
import type { TokenServerOptions } from '@tessera/token-server';
import type { Entry, EntryReader } from './entry-reader.js';

/** `registration` of the file: clients that register themselves (RFC 7591). */
export function readRegistration(reader: EntryReader, file: Entry): TokenServerOptions['registration'] {
  const at = 'registration';
  const entry = reader.settings(file, at, RegistrationRules);
  return (
    entry && {
      ...entry,
      policy: reader.nested(entry, 'policy', at, ClientPolicy),
      softwareStatements: readSoftwareStatements(reader, entry, at),
      initialAccessTokens: reader.list(entry, 'initialAccessTokens', at, (value, path) => {
        const token = reader.model(value, path, InitialAccessToken);
        return {
          name: token.name as string,
          secret: reader.secret(token.secret, `${path}.secret`),
          policy: reader.nested(token, 'policy', path, ClientPolicy),
        };
      }),
    }
  );
}

/** `clientIdMetadataDocuments` of the file: clients that are described by the document at their `client_id`. */
export function readClientIdDocuments(
  reader: EntryReader,
  file: Entry,
): TokenServerOptions['clientIdMetadataDocuments'] {
  const at = 'clientIdMetadataDocuments';
  const entry = reader.settings(file, at, ClientIdDocumentRules);
  return entry && { ...entry, policy: reader.nested(entry, 'policy', at, ClientPolicy) };
}

function readSoftwareStatements(
  reader: EntryReader,
  entry: Entry,
  parent: string,
): RegistrationInit['softwareStatements'] {
  const at = `${parent}.softwareStatements`;
  const rules = reader.nested(entry, 'softwareStatements', parent, SoftwareStatementRules);
  const issuers =
    rules && reader.list(rules, 'issuers', at, (value, path) => reader.model(value, path, StatementIssuer));
  return rules && { ...rules, issuers: issuers as never };
}
