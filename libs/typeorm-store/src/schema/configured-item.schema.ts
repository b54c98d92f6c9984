import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { flag, json, key, optional, text } from './columns.js';

/** Something of the configuration as a row. */
export interface ConfiguredItem {
  /** Its name: a client id, a subject, a scope. */
  readonly key: string;
  /** All of it that has no column of its own. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  /** `file`: the configuration file declares it, and nobody else changes it. None: it was made otherwise. */
  readonly owner?: 'file';
}

export function configuredColumns(keyColumn: string) {
  return {
    key: text(keyColumn, key),
    data: json('data'),
    enabled: flag('enabled'),
    owner: text('owner', optional),
  } satisfies Record<string, EntitySchemaColumnOptions>;
}

function configured(name: string, keyColumn: string): EntitySchema<ConfiguredItem> {
  return new EntitySchema({ name, columns: configuredColumns(keyColumn) });
}

export const apiResourceSchema = configured('api_resources', 'name');
export const apiScopeSchema = configured('api_scopes', 'name');
export const authorizationDetailTypeSchema = configured('authorization_detail_types', 'type');
export const identityResourceSchema = configured('identity_resources', 'name');
