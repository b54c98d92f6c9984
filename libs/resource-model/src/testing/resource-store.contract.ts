import { expect, it } from '@jest/globals';
import { ApiResource } from '../api-resource.js';
import { ApiScope } from '../api-scope.js';
import { AuthorizationDetailType } from '../authorization-detail-type.js';
import type { Configuration } from '../configuration/configuration.js';
import { IdentityResource, IdentityResources } from '../identity-resource.js';
import { Secret, sha256 } from '../secret.js';
import type { ResourceStore } from '../stores/resource.store.js';

type Resources = Pick<Configuration, 'identityResources' | 'apiScopes' | 'apiResources' | 'authorizationDetailTypes'>;

const resources = (): Resources => ({
  identityResources: [
    IdentityResources.openId(),
    IdentityResources.profile(),
    new IdentityResource('off', ['a'], { enabled: false }),
  ],
  apiScopes: [
    new ApiScope('read', 'Read', { description: 'Reads', userClaims: ['role'], properties: { colour: 'blue' } }),
    new ApiScope('write', undefined, { enabled: false }),
  ],
  apiResources: [
    new ApiResource('orders', 'Orders', { scopes: ['read', 'write'], apiSecrets: [new Secret(sha256('secret'))] }),
    new ApiResource('plain'),
    new ApiResource('gone', undefined, { enabled: false }),
  ],
  authorizationDetailTypes: [
    new AuthorizationDetailType({
      type: 'payment',
      schema: { type: 'object', properties: { amount: { type: 'string' } }, required: ['amount'] },
      displayName: 'Payment',
      text: { en: 'Pay {amount}', de: 'Zahlung von {amount}' },
      resource: 'orders',
    }),
    new AuthorizationDetailType({ type: 'old', schema: { type: 'object' }, enabled: false }),
  ],
});

/**
 * What every store of resources must do. Call it inside of a `describe`.
 * @param createWith a store in which there are these resources and no others
 */
export function resourceStoreContract(createWith: (resources: Resources) => Promise<ResourceStore>): void {
  it('has everything that is enabled, whole', async () => {
    const catalogue = await (await createWith(resources())).catalogue();
    const { identityResources, apiScopes, apiResources } = resources();
    for (const found of [catalogue.identityResources, catalogue.apiScopes, catalogue.apiResources]) {
      for (const name of ['off', 'write', 'gone', '__proto__']) expect(found.get(name)).toBeUndefined();
    }
    for (const one of identityResources.slice(0, 2)) expect(catalogue.identityResources.get(one.name)).toEqual(one);
    for (const one of apiResources.slice(0, 2)) expect(catalogue.apiResources.get(one.name)).toEqual(one);
    expect(catalogue.apiScopes.get('read')).toEqual(apiScopes[0]);
    expect(catalogue.isApiScope('plain')).toBe(true);
    expect(catalogue.apiResources.get('orders')?.apiSecrets[0]).toBeInstanceOf(Secret);
    expect(catalogue.meaningOf(['read']).audiences).toEqual(['orders']);
  });

  it('has the types of authorization details that are enabled, whole', async () => {
    const catalogue = await (await createWith(resources())).catalogue();
    expect([...catalogue.authorizationDetailTypes.keys()]).toEqual(['payment']);
    expect(catalogue.authorizationDetailTypes.get('payment')).toEqual(resources().authorizationDetailTypes[0]);
    expect(catalogue.authorizationDetailTypes.get('payment')).toBeInstanceOf(AuthorizationDetailType);
    expect(catalogue.meaningOf([], undefined, ['payment']).audiences).toEqual(['orders']);
  });

  it('gives the very same catalogue until something changes', async () => {
    const store = await createWith(resources());
    expect(await store.catalogue()).toBe(await store.catalogue());
  });
}
