import { ClientStore, ResourceStore } from '@tessera/resource-model';
import { brokenProfileRules, describeBrokenRule, resolveOptions } from '@tessera/token-server';
import type { Settings } from '../../../configuration/settings.js';
import type { OpenedStores } from '../../opened-stores.js';
import { type Finding, findings } from '../finding.js';

const { fine, warning } = findings('client profiles');

/** Do the clients in the database keep the rules of the profiles that they are held to? The start refuses those of the file alone. */
export async function checkClientProfiles(stores: OpenedStores, settings?: Settings): Promise<Finding[]> {
  if (!settings) return [];
  const clients = await stores.get(ClientStore).list();
  const { resolved } = resolveOptions(settings.options);
  const isHeld = resolved.profile !== undefined || clients.some(({ profile }) => profile !== undefined);
  if (!isHeld) return [];
  const broken = brokenProfileRules(clients, await stores.get(ResourceStore).catalogue(), resolved);
  if (broken.length === 0) return [fine('each client keeps the rules of its profile')];
  return broken.map((one) => warning(describeBrokenRule(one), `It needs ${one.standing.mend}.`));
}
