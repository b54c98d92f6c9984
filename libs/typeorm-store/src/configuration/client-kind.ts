import { Injectable } from '@nestjs/common';
import { Claim, Client, type ClientInit } from '@tessera/resource-model';
import type { Row } from '../database/database.js';
import { clientSecrets } from '../encryption/encrypted-columns.js';
import { Encryption } from '../encryption/encryption.js';
import { type ClientRow, clientSchema } from '../schema/client.schema.js';
import { ConfiguredKind, type Mapping } from './configured-kind.js';
import { toSecret } from './configured-kinds.js';

/** The properties of a client that are secret and have to be read again: whoever reads the database alone shall not have them. */
const secretProperties: readonly (keyof ClientInit)[] = ['pairwiseSubjectSalt', 'assertionSecret'];

export const clientMapping: Mapping<Client, ClientRow> = {
  toRow: ({ clientId: key, enabled, ...data }) => ({ key, enabled, data }),
  fromRow: ({ key: clientId, enabled, data }) => {
    const { clientSecrets = [], claims = [], ...others } = data as unknown as ClientInit;
    return new Client({
      ...others,
      clientId,
      enabled,
      clientSecrets: clientSecrets.map(toSecret),
      claims: claims.map(({ type, value }) => new Claim(type, value)),
    });
  },
};

/** Clients: what they have of reversible secrets is encrypted in the database, and stands in `data` everywhere else. */
@Injectable()
export class ClientKind extends ConfiguredKind<Client, ClientRow> {
  constructor(private readonly encryption: Encryption) {
    super('client', clientSchema, clientMapping, ['sealed_secrets = excluded.sealed_secrets']);
  }

  /** @throws EncryptionError where it was encrypted with another key than those given */
  override readRow(row: Row): ClientRow {
    const { sealedSecrets, ...client } = super.readRow(row);
    if (sealedSecrets === undefined) return client;
    const secrets = JSON.parse(clientSecrets.open(this.encryption, client.key, sealedSecrets)) as object;
    return { ...client, data: { ...client.data, ...secrets } };
  }

  protected override values(row: ClientRow) {
    const { data, secrets } = withSecretsApart(row.data);
    if (secrets === undefined) return super.values(row);
    const sealedSecrets = clientSecrets.seal(this.encryption, row.key, secrets);
    return super.values({ ...row, data, sealedSecrets });
  }
}

/** What everybody may read, and the secrets as JSON; undefined where there are none. */
export function withSecretsApart(data: ClientRow['data']): { data: ClientRow['data']; secrets: string | undefined } {
  const isSecret = ([name, value]: [string, unknown]) =>
    value !== undefined && (secretProperties as readonly string[]).includes(name);
  const entries = Object.entries(data);
  const secrets = entries.filter(isSecret);
  if (secrets.length === 0) return { data, secrets: undefined };
  return {
    data: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: JSON.stringify(Object.fromEntries(secrets)),
  };
}
