import type { AuthorizationDetail, ResourceCatalogue } from '@tessera/resource-model';
import { harmlessText } from './harmless-text.js';
import type { DetailMember, DetailView } from './views.js';

/** Authorization details in the words of whoever configured their types. Every value is the client's own. */
export function detailViews(
  catalogue: ResourceCatalogue,
  details: readonly AuthorizationDetail[] | undefined,
): readonly DetailView[] {
  return (details ?? []).map(({ type: name, ...members }) => {
    const type = catalogue.authorizationDetailTypes.get(name);
    const resource = type?.resource === undefined ? undefined : catalogue.apiResources.get(type.resource);
    return {
      type: name,
      displayName: type?.displayName,
      text: type?.text,
      resource: resource && (resource.displayName ?? resource.name),
      members: membersOf(members),
    };
  });
}

/** Every value with the way to it, none left out and none cut: what a person agrees to is all there (`creditor.name`, `accounts.0.iban`). */
function membersOf(value: unknown, path = ''): DetailMember[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0)
    return path === '' ? [] : [{ name: harmlessText(path), value: harmlessText(textOf(value)) }];
  return entries.flatMap(([name, own]) => membersOf(own, path === '' ? name : `${path}.${name}`));
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? '' : String(value);
}
