import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { CliFault } from '../../cli-fault.js';
import { exitCodes } from '../../exit-codes.js';
import { type ImportFormat, importFormats } from './import-format.js';

/** One person as the file has them, not yet looked at. */
export interface ImportRow {
  /** The line in the file; of JSON the number of the element, from 1. */
  readonly line: number;
  /** Names of columns or members, and what stands there; what is empty is left out. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Why it cannot be read at all. */
  readonly broken?: string;
}

/** A file to import, which is read as often as it is needed, from the beginning, and but for JSON never as a whole. */
export interface ImportFile {
  /** Bytes. */
  readonly size: number;
  /** @param progress is told how many bytes have been read */
  rows(progress?: Progress): AsyncGenerator<ImportRow>;
  /** Where a row is, for people. */
  place(line: number): string;
}

/** Is told how many bytes have been read. */
type Progress = (bytes: number) => void;

/** What one person can possibly need; a longer line is none. In characters. */
const longestLine = 1_048_576;

/** JSON is read as a whole, in bytes. */
const largestJson = 134_217_728;

/** @throws CliFault where it cannot be read, or it does not show what it is */
export async function importFile(path: string, given: ImportFormat | undefined): Promise<ImportFile> {
  const found = await stat(path).catch((cause: Error) => {
    throw new CliFault(`${path} cannot be read: ${cause.message}.`, exitCodes.usage, { cause });
  });
  // A pipe is empty when it is read for the second time: nobody would be imported, and nothing would be said of it.
  if (!found.isFile()) {
    const problem = 'is no file: it is read twice, so write into one what comes from a pipe';
    throw new CliFault(`${path} ${problem}.`, exitCodes.usage);
  }
  const format = given ?? importFormats.find((name) => path.toLowerCase().endsWith(`.${name}`));
  if (!format) throw new CliFault(`What is ${path}? Say it by --format jsonl, json or csv.`, exitCodes.usage);
  const place = (line: number) => (format === 'json' ? `${path}[${line - 1}]` : `${path}:${line}`);
  return { size: found.size, rows: (progress) => readers[format](path, progress), place };
}

const readers: Readonly<Record<ImportFormat, (path: string, progress?: Progress) => AsyncGenerator<ImportRow>>> = {
  jsonl: readJsonLines,
  json: readJson,
  csv: readCsv,
};

function open(path: string, progress: Progress | undefined): Readable {
  let bytes = 0;
  return createReadStream(path).on('data', (chunk) => progress?.((bytes += chunk.length)));
}

async function* readJsonLines(path: string, progress?: Progress): AsyncGenerator<ImportRow> {
  let line = 0;
  for await (const text of linesOf(path, progress)) {
    line++;
    // A byte order mark, as Windows writes it, counts as white space.
    if (text.trim() !== '') yield jsonRow(line, text);
  }
}

async function* linesOf(path: string, progress?: Progress): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of open(path, progress).setEncoding('utf8')) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop()!;
    if (rest.length > longestLine)
      throw new CliFault(`${path} has a line of over a million characters: is it --format json?`);
    yield* lines;
  }
  yield rest;
}

function jsonRow(line: number, text: string): ImportRow {
  try {
    return objectRow(line, JSON.parse(text.trim()));
  } catch {
    // What JSON.parse says quotes the text, which holds what is nobody's business.
    return { line, fields: {}, broken: 'is no JSON: every line has to be one object' };
  }
}

function objectRow(line: number, value: unknown): ImportRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, fields: {}, broken: 'must be an object: the properties of a person with their values' };
  }
  return { line, fields: present(Object.entries(value)) };
}

async function* readJson(path: string, progress?: Progress): AsyncGenerator<ImportRow> {
  const { size } = await stat(path);
  if (size > largestJson) {
    throw new CliFault(
      `${path} is too large to be read as a whole: make lines of it, as jq -c '.[]' ${path} does, and import these.`,
    );
  }
  const people = peopleOf(path, await readFile(path, 'utf8'));
  progress?.(size);
  for (const [index, value] of people.entries()) yield objectRow(index + 1, value);
}

/** A list, or, as others export it, an object with a list `users`. */
function peopleOf(path: string, text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text.trim());
  } catch {
    throw new CliFault(`${path} is no JSON; is there one object in each line? Then it is --format jsonl.`);
  }
  const list = Array.isArray(value) ? value : (value as { readonly users?: unknown } | null)?.users;
  if (Array.isArray(list)) return list as unknown[];
  throw new CliFault(`${path} must be a list of people, or an object whose users are one.`);
}

async function* readCsv(path: string, progress?: Progress): AsyncGenerator<ImportRow> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestLine,
  });
  // An error of the one ends the other, and so the reading below.
  pipeline(open(path, progress), parser, () => undefined);
  let head: readonly string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (head) yield csvRow(info.lines, head, record);
      else head = headOf(path, record);
    }
  } catch (cause) {
    if (cause instanceof CliFault) throw cause;
    const { lines, code } = cause as CsvError & { readonly lines?: number };
    throw new CliFault(`${path}:${lines ?? '?'} is no CSV (${code}): is a quotation mark missing?`, undefined, {
      cause,
    });
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function headOf(path: string, record: readonly string[]): readonly string[] {
  const head = record.map((name) => name.trim());
  const twice = head.find((name, index) => head.indexOf(name) !== index);
  if (twice === undefined) return head;
  throw new CliFault(`${path} has two columns named ${JSON.stringify(twice)}.`);
}

function csvRow(line: number, head: readonly string[], record: readonly string[]): ImportRow {
  if (record.length !== head.length) {
    return { line, fields: {}, broken: `has ${record.length} values, but there are ${head.length} columns` };
  }
  return { line, fields: present(head.map((name, index) => [name, record[index]])) };
}

/** What others leave empty says nothing. Made without a prototype: a column may have any name. */
function present(entries: readonly (readonly [string, unknown])[]): ImportRow['fields'] {
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) if (value !== '' && value !== null && value !== undefined) fields[name] = value;
  return fields;
}
