import { RegisteredClientStore, ResourceStore } from '@tessera/resource-model';
import { heldToPolicy, resolveOptions } from '@tessera/token-server';
import type { Settings } from '../../../configuration/settings.js';
import type { OpenedStores } from '../../opened-stores.js';
import { type Finding, findings } from '../finding.js';

const { fine, warning } = findings('registered clients');

const pageSize = 100;
/** So many are named one by one. */
const mostNames = 10;

/** May the clients that registered themselves still be all that they registered? */
export async function checkRegisteredClients(stores: OpenedStores, settings?: Settings): Promise<Finding[]> {
  if (!settings) return [];
  const { resolved } = resolveOptions(settings.options);
  if (resolved.registration.mode === 'off') return [];
  const [store, catalogue] = [stores.get(RegisteredClientStore), await stores.get(ResourceStore).catalogue()];
  const found: Finding[] = [];
  let [all, held] = [0, 0];
  for (let page = await store.page('', pageSize); page.length > 0;) {
    for (const registered of page) {
      const { losses } = heldToPolicy(registered, resolved, catalogue);
      all++;
      if (losses.length === 0 || ++held > mostNames) continue;
      found.push(warning(`the policy takes from '${registered.client.clientId}' ${losses.join(', ')}`, remedy));
    }
    page = await store.page(page.at(-1)!.client.clientId, pageSize);
  }
  if (held > mostNames) found.push(warning(`the policy takes something from ${held - mostNames} more`, remedy));
  return held > 0 || all === 0 ? found : [fine(`the policy lets ${all} be what they registered`)];
}

const remedy = 'Widen registration.policy where that was not meant; the client may register anew what it may be (PUT).';
