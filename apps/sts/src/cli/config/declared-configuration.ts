import type { Configuration } from '@tessera/resource-model';
import type { PlanRules } from '@tessera/typeorm-store';
import { configuredSettings } from '../configured-settings.js';
import { withOptions } from '../environment-options.js';
import type { Terminal } from '../terminal.js';

/** What the command line says about the file and the database that are compared. */
interface Compared {
  readonly config?: string;
  readonly data?: string;
  readonly prune?: true;
}

/** What the file declares for the database, and the variables that name both. @throws CliFault where the file is not valid */
export async function declaredConfiguration(
  terminal: Terminal,
  file: string | undefined,
  { config = file, data, prune }: Compared,
): Promise<{ variables: Terminal['variables']; declared: Configuration; rules: PlanRules }> {
  const variables = withOptions(terminal.variables, { ...(config && { config }), ...(data && { data }) });
  const settings = await configuredSettings(variables);
  const { declaredBy } = await import('../../live-configuration/declared-by.js');
  const { declared, ...rules } = declaredBy(settings);
  return { variables, declared, rules: { ...rules, prune: prune ?? rules.prune } };
}
