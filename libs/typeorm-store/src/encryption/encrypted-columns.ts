import { backchannelAuthenticationSchema } from '../schema/backchannel-authentication.schema.js';
import { clientSchema } from '../schema/client.schema.js';
import { registeredClientSchema } from '../schema/registered-client.schema.js';
import { signingKeySchema } from '../schema/signing-key.schema.js';
import { EncryptedColumn } from './encrypted-column.js';

/** The private half of a signing key. */
export const privateKeys = new EncryptedColumn(signingKeySchema, 'sealed', (kid) => `Signing key ${kid}`);

/** The secrets of a client that have to be read again. */
export const clientSecrets = new EncryptedColumn(
  clientSchema,
  'sealedSecrets',
  (clientId) => `What client ${clientId} keeps secret`,
);

/** The same of a client that registered itself. */
export const registeredClientSecrets = new EncryptedColumn(
  registeredClientSchema,
  'sealedSecrets',
  (clientId) => `What registered client ${clientId} keeps secret`,
);

/** With what a client is told that a person has answered. */
export const backchannelPings = new EncryptedColumn(
  backchannelAuthenticationSchema,
  'sealedPing',
  (handleHash) => `The notification of backchannel authentication ${handleHash}`,
);

/** Everything in the database that is encrypted. What is not listed here is lost when its encryption key is taken away: a test compares. */
export const encryptedColumns: readonly EncryptedColumn<never>[] = [
  privateKeys,
  clientSecrets,
  registeredClientSecrets,
  backchannelPings,
];
