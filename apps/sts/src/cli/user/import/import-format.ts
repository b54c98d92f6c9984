/** What a file of people may be: a person on each line, a list of them, a table. */
export const importFormats = ['jsonl', 'json', 'csv'] as const;
export type ImportFormat = (typeof importFormats)[number];
