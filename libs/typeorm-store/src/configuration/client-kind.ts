import { Injectable } from '@nestjs/common';
import { Claim, Client, type ClientInit } from '@tessera/resource-model';
import type { Row } from '../database/database.js';
import { clientSecrets } from '../encryption/encrypted-columns.js';
import { Encryption } from '../encryption/encryption.js';
import { type ClientRow, clientSchema } from '../schema/client.schema.js';
import { ConfiguredKind, type Mapping } from './configured-kind.js';
import { toSecret } from './configured-kinds.js';

/** The properties of a client that are secret and have to be read again: whoever reads the database alone shall not have them. */
const secretProperties: readonly (keyof ClientInit)[] = ['pairwiseSubjectSalt'];

const mapping: Mapping<Client, ClientRow> = {
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
    super('client', clientSchema, mapping, ['sealed_secrets = excluded.sealed_secrets']);
  }

  /** @throws EncryptionError where it was encrypted with another key than those given */
  override readRow(row: Row): ClientRow {
    const { sealedSecrets, ...client } = super.readRow(row);
    if (sealedSecrets === undefined) return client;
    const secrets = JSON.parse(clientSecrets.open(this.encryption, client.key, sealedSecrets)) as object;
    return { ...client, data: { ...client.data, ...secrets } };
  }

  protected override values(row: ClientRow) {
    const entries = Object.entries(row.data);
    const isSecret = ([name, value]: [string, unknown]) =>
      value !== undefined && (secretProperties as readonly string[]).includes(name);
    const secrets = entries.filter(isSecret);
    if (secrets.length === 0) return super.values(row);
    return super.values({
      ...row,
      data: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
      sealedSecrets: clientSecrets.seal(this.encryption, row.key, JSON.stringify(Object.fromEntries(secrets))),
    });
  }
}
