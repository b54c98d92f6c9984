export type { DeclaredConfiguration } from './configuration/configuration.providers.js';
export {
  ConfigurationConflictError,
  type ConfigurationPlan,
  describePlan,
  logPlan,
  type PlanRules,
} from './configuration/configuration-plan.js';
export { ConfigurationEditor } from './configuration/configuration-editor.js';
export { ConfigurationPlanner } from './configuration/configuration-planner.js';
export { ConfigurationEditError, type ConfiguredEntry } from './configuration/configured-items.js';
export { DatabaseUrlError, readDatabaseUrl } from './connection/database-url.js';
export { SchemaBehindError, SchemaRefusedError } from './connection/open-connection.js';
export { applySchemaChanges, schemaChanges, type SchemaChange } from './connection/schema-changes.js';
export { DatabaseClock } from './database/database-clock.js';
export { DatabaseProbe } from './database/database-probe.js';
export { Encryption, EncryptionError } from './encryption/encryption.js';
export { type EncryptedCount, Reencryption, type ReencryptedCount } from './encryption/reencryption.js';
export { TypeOrmStores, type TypeOrmStoresOptions } from './typeorm-stores.module.js';
