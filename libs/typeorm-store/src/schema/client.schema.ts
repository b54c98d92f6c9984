import { EntitySchema } from 'typeorm';
import { optional, text } from './columns.js';
import { configuredColumns, type ConfiguredItem } from './configured-item.schema.js';

/** A client as a row. */
export interface ClientRow extends ConfiguredItem {
  /** Its secrets that have to be read again, by property, as encrypted JSON; in `data` they are not. */
  readonly sealedSecrets?: string;
}

export const clientSchema = new EntitySchema<ClientRow>({
  name: 'clients',
  columns: { ...configuredColumns('client_id'), sealedSecrets: text('sealed_secrets', optional) },
});
