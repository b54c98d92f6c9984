import { isDeepStrictEqual } from 'node:util';
import type { Database, Step } from '../database/database.js';
import type { ConfiguredItem } from '../schema/configured-item.schema.js';
import type { ConfigurationConflict, KindPlan, PlannedChange, PlanRules } from './configuration-plan.js';
import type { ConfiguredKind } from './configured-kind.js';

/** What the file declared earlier, by key. */
export async function rowsOfFile<T extends object, R extends ConfiguredItem>(
  database: Database,
  kind: ConfiguredKind<T, R>,
): Promise<ReadonlyMap<string, R>> {
  const rows = (await database.all(kind.ofFile, [])).map((row) => kind.readRow(row));
  return new Map(rows.map((row) => [row.key, row]));
}

/**
 * One kind: what is made, changed, and no more declared.
 * @param there what the file declared earlier
 * @param declared what it declares now
 */
export async function planKind<T extends object, R extends ConfiguredItem>(
  database: Database,
  kind: ConfiguredKind<T, R>,
  there: ReadonlyMap<string, R>,
  declared: readonly R[],
  { prune = false }: PlanRules,
): Promise<KindPlan> {
  const changes: PlannedChange[] = [];
  const puts: Step[] = [];
  const conflicts: ConfigurationConflict[] = [];
  for (const row of declared) {
    const item = { kind: kind.name, key: row.key };
    const earlier = there.get(row.key);
    const properties = earlier ? differences(earlier, row) : [];
    if (earlier && properties.length === 0) continue;
    if (!earlier && (await database.first(kind.one, [row.key]))) {
      conflicts.push({ ...item, problem: 'there is one already that the file did not make' });
      continue;
    }
    changes.push({ ...item, action: earlier ? 'update' : 'create', properties });
    puts.push(kind.put(row));
  }
  const unchanged = declared.length - changes.length - conflicts.length;
  const gone = removed(kind, there, declared);
  if (!prune) return { changes, steps: puts, conflicts, leftOver: gone, unchanged };
  return {
    changes: [...gone.map((item) => ({ ...item, action: 'remove' as const, properties: [] })), ...changes],
    steps: [...gone.map(({ key }) => kind.remove(key)), ...puts],
    conflicts,
    leftOver: [],
    unchanged,
  };
}

function removed<T extends object, R extends ConfiguredItem>(
  { name: kind }: ConfiguredKind<T, R>,
  there: ReadonlyMap<string, R>,
  declared: readonly R[],
) {
  const keys = new Set(declared.map(({ key }) => key));
  return [...there.keys()].filter((key) => !keys.has(key)).map((key) => ({ kind, key }));
}

/** The names of what differs. */
function differences(earlier: ConfiguredItem, now: ConfiguredItem): string[] {
  const [one, other] = [propertiesOf(earlier), propertiesOf(now)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return names.filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

/** By the names of the model, and as the database gives them back. Of a password only what the file says of it. */
function propertiesOf({ data, enabled, ...row }: ConfiguredItem): Record<string, unknown> {
  const { declaredPasswordHash: passwordHash } = row as { declaredPasswordHash?: string };
  return JSON.parse(JSON.stringify({ ...data, enabled, passwordHash })) as Record<string, unknown>;
}
