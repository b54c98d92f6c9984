import type { Fault } from '@tessera/resource-model';
import { textSources } from './secret-text.js';

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The certificates of authorities as the file gives them: PEM text, or `{ file }`, the path of a file in which there are one or more of them.
 * What is neither is left to the rules of the model.
 */
export function readAuthorities(entry: unknown, path: string, faults: Fault[]): unknown[] {
  if (typeof entry !== 'object' || entry === null) return [entry];
  const fail = (at: string, value: unknown, problem: string) => {
    faults.push({ path: at, value, problem });
    return [];
  };
  const { file, ...more } = entry as Record<string, unknown>;
  if (typeof file !== 'string' || file === '' || Object.keys(more).length > 0) {
    return fail(path, entry, 'must be a certificate in PEM form, or an object with file alone, which is a path');
  }
  const at = `${path}.file`;
  const text = textSources.file(file, (problem) => fail(at, file, problem));
  if (text === undefined) return [];
  return text.match(certificate) ?? fail(at, file, 'names a file without a certificate in PEM form');
}
