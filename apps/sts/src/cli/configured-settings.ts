import type { Settings } from '../configuration/settings.js';
import { CliFault } from './cli-fault.js';
import type { Terminal } from './terminal.js';

/** The settings, for a command that is of no use without. @throws CliFault that leads to the faults */
export async function configuredSettings(variables: Terminal['variables']): Promise<Settings> {
  // The engine is loaded by those commands alone that need it.
  const { loadSettings, SettingsError } = await import('../configuration/settings.js');
  try {
    return await loadSettings(variables);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const file = variables.STS_CONFIG || 'sts.yaml';
    throw new CliFault(`${file} is not valid: sts config validate ${file} says why.`, undefined, { cause: error });
  }
}
