import { stringify } from 'yaml';

/** As people write it: one line for each value, nothing said by reference to something else. */
export function yaml(value: object): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 }).trimEnd();
}
