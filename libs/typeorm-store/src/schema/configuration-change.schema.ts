import { EntitySchema } from 'typeorm';
import { key, seconds, text } from './columns.js';

/** Something of the configuration that changed with a version. */
export interface ConfigurationChangeRow {
  readonly version: number;
  readonly kind: string;
  readonly key: string;
  /** Seconds since 1970. */
  readonly at: number;
}

export const configurationChangeSchema = new EntitySchema<ConfigurationChangeRow>({
  name: 'configuration_changes',
  columns: {
    version: seconds('version', key),
    kind: text('kind', key),
    key: text('key', key),
    at: seconds('at'),
  },
  indices: [{ name: 'configuration_changes_at', columns: ['at'] }],
});

/** The one row that every change counts up. */
export const configurationVersionSchema = new EntitySchema<{ readonly id: number; readonly version: number }>({
  name: 'configuration_versions',
  columns: { id: seconds('id', key), version: seconds('version') },
});
