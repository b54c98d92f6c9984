import { readEnvironment } from '../../../configuration/environment.js';
import { loadSettings, type Settings, SettingsError } from '../../../configuration/settings.js';
import type { Terminal } from '../../terminal.js';
import { type Finding, findings } from '../finding.js';

const { fine, warning, problem } = findings('configuration');

/** Would the server start with this file and environment? */
export async function checkConfiguration(
  variables: Terminal['variables'],
): Promise<{ found: Finding[]; settings?: Settings }> {
  const { config } = readEnvironment(variables).environment;
  try {
    const settings = await loadSettings(variables);
    const warnings = settings.warnings.map((text) => warning(text, 'See docs/configuration.md, Production.'));
    return { found: [fine(`${config} is valid`), ...warnings], settings };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { found: error.lines.map((line) => problem(line, 'The server does not start until this is mended.')) };
  }
}
