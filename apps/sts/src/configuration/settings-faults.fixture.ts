import { temporaryFile } from '../temporary-folder.fixture.js';
import { loadSettings, SettingsError } from './settings.js';

/** What the server says about a file, one line a fault, as if the file were called sts.yaml. */
export async function faultsOf(text: string, variables: Record<string, string> = {}): Promise<readonly string[]> {
  const path = temporaryFile(text);
  try {
    await loadSettings({ STS_CONFIG: path, ...variables });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.lines.map((line) => line.replaceAll(path, 'sts.yaml'));
    throw error;
  }
}
