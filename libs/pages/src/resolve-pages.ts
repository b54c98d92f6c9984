import { fileURLToPath } from 'node:url';
import { type Fault, faultsOf } from '@tessera/resource-model';
import { LanguageChoice } from './language/language-choice.js';
import type { MessageCatalogue } from './language/message-catalogue.js';
import { readMessages } from './language/read-messages.js';
import type { Assets } from './look/assets.js';
import { readAssets } from './look/read-assets.js';
import { type DemoData, PagesOptions } from './pages.options.js';
import { Templates } from './rendering/templates.js';

/** What the pages are made of. */
export interface ResolvedPages {
  readonly options: PagesOptions;
  readonly demo?: DemoData;
  readonly messages: MessageCatalogue;
  readonly languages: LanguageChoice;
  readonly assets: Assets;
  readonly templates: Templates;
}

/** Injects the {@link ResolvedPages}. */
export const PAGES = Symbol('PAGES');

/** What is wrong with the options and the files that they name (the start fails), and what is not as it should be (for the log). */
export interface PagesFindings {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Beside src/ as well as beside dist/. */
function ours(folder: 'assets' | 'messages' | 'templates'): string {
  return fileURLToPath(new URL(`../${folder}`, import.meta.url));
}

/** Reads what the options name. All faults at once; where there are any, there is nothing else. */
export function resolvePages(
  given: Partial<PagesOptions>,
  demo?: DemoData,
): PagesFindings & { readonly pages?: ResolvedPages } {
  const options = given instanceof PagesOptions ? given : new PagesOptions(given);
  const faults = faultsOf(options, '');
  // Colours and folders can only be read where they are colours and names.
  if (faults.length > 0) return { faults, warnings: [] };
  const texts = readMessages(ours('messages'), options.messages);
  const { assets, faults: assetFaults } = readAssets(ours('assets'), options);
  const templates = new Templates(foldersOf(options), texts.catalogue, assets);
  const all = [...texts.faults, ...assetFaults, ...(options.templates ? templates.faultsIn(options.templates) : [])];
  if (all.length > 0) return { faults: all, warnings: texts.warnings };
  const languages = new LanguageChoice(texts.catalogue.languages);
  return {
    faults: [],
    warnings: texts.warnings,
    pages: { options, demo, messages: texts.catalogue, languages, assets, templates },
  };
}

function foldersOf({ templates }: PagesOptions): string[] {
  return [...(templates === undefined ? [] : [templates]), ours('templates')];
}
