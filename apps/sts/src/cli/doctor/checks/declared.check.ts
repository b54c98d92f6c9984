import { ConfigurationPlanner } from '@tessera/typeorm-store';
import type { Settings } from '../../../configuration/settings.js';
import { declaredBy } from '../../../live-configuration/declared-by.js';
import type { OpenedStores } from '../../opened-stores.js';
import { type Finding, findings } from '../finding.js';

const { fine, warning, problem } = findings('file and database');

/** Is the database as the configuration file declares it? */
export async function checkDeclared(stores: OpenedStores, settings?: Settings): Promise<Finding[]> {
  if (!settings) return [];
  const { declared, ...rules } = declaredBy(settings);
  const { changes, conflicts, leftOver, unchanged } = await stores.get(ConfigurationPlanner).plan(declared, rules);
  const found: Finding[] = [];
  if (conflicts.length > 0) {
    const remedy = 'sts config diff names them: rename them in the file, or remove the others.';
    found.push(problem(`${count(conflicts)} of the file cannot be applied: somebody else made the same`, remedy));
  }
  if (changes.length > 0) {
    found.push(warning(`sts config apply would change ${count(changes)}`, 'sts config diff shows what.'));
  }
  if (leftOver.length > 0) {
    const remedy = 'sts config diff names what stays; sts config apply --prune removes it.';
    found.push(warning(`the file does not declare ${count(leftOver)} any more, which it declared once`, remedy));
  }
  return found.length > 0 ? found : [fine(`the database has what the file declares, ${count({ length: unchanged })}`)];
}

function count({ length }: { readonly length: number }): string {
  return length === 1 ? 'one item' : `${length} items`;
}
