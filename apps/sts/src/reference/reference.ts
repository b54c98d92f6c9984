import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadSettings, SettingsError } from '../configuration/settings.js';
import { readDocstrings } from './docstrings.js';
import { configurationSchema } from './configuration-schema.js';
import { tableOf } from './schema-tables.js';

/** The root of the repository is as far from the sources as from what is built of them. */
const root = new URL('../../../../', import.meta.url);

export const schemaFile = fileURLToPath(new URL('apps/sts/sts.schema.json', root));
export const pageFile = fileURLToPath(new URL('docs/configuration.md', root));
const wrongFile = fileURLToPath(new URL('apps/sts/src/reference/wrong.yaml', root));
const described = ['libs/resource-model/src', 'libs/pages/src'].map((folder) => fileURLToPath(new URL(folder, root)));

/** The schema for editors and the page for people, as they are to be committed. */
export async function makeReference(): Promise<{ schema: string; page: string }> {
  const schema = configurationSchema(new Map(described.flatMap((folder) => [...readDocstrings(folder)])));
  const kinds = { File: schema, ...schema.definitions };
  const parts = new Map(Object.entries(kinds).map(([name, kind]) => [`table ${name}`, tableOf(kind)]));
  parts.set('endpoints', tableOf(schema.properties?.endpoints ?? {}));
  parts.set('wrong file', `\`\`\`yaml\n${readFileSync(wrongFile, 'utf8').trim()}\n\`\`\``);
  parts.set('wrong file output', `\`\`\`text\n${await outputFor(wrongFile)}\n\`\`\``);
  return { schema: `${JSON.stringify(schema, null, 2)}\n`, page: fill(readFileSync(pageFile, 'utf8'), parts) };
}

/** The page is written by hand; what stands between its marks is made. */
function fill(page: string, parts: ReadonlyMap<string, string>): string {
  return page.replace(
    /(<!-- generated: (.*?) -->\n)[^]*?(<!-- end of generated -->)/g,
    (_match, begin: string, name: string, end: string) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`${pageFile} asks for '${name}', which nobody generates.`);
      return `${begin}\n${part}\n\n${end}`;
    },
  );
}

/** What the server says about a file, as if it were called sts.yaml. */
async function outputFor(file: string): Promise<string> {
  try {
    await loadSettings({ STS_CONFIG: file });
  } catch (error) {
    if (error instanceof SettingsError) return error.message.replaceAll(file, 'sts.yaml');
    throw error;
  }
  throw new Error(`${file} has no fault.`);
}
