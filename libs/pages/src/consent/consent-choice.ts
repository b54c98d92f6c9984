import { type ConsentView, Scopes, type ScopeView } from '@tessera/token-server';

/** What a page shows ticked. */
interface ChosenScope extends ScopeView {
  readonly chosen: boolean;
}

type ChosenConsent = { readonly [K in keyof ConsentView]: ReplaceScopes<ConsentView[K]> };
type ReplaceScopes<T> = T extends readonly ScopeView[] ? readonly ChosenScope[] : T extends ScopeView ? ChosenScope : T;

/**
 * They are emphasised in the model, as in IdentityServer4; a warning on what nearly every application asks for would only teach people to
 * overlook the one that matters.
 */
const usual: readonly string[] = [Scopes.profile, Scopes.email, Scopes.phone, Scopes.address];

/** The wishes of the client with the choice of the person: at first all of them. */
export function withChoice(consent: ConsentView, chosen?: readonly string[]): ChosenConsent {
  const choose = (scope: ScopeView): ChosenScope => ({
    ...scope,
    emphasize: scope.emphasize && !usual.includes(scope.name),
    chosen: chosen === undefined || chosen.includes(scope.name),
  });
  return {
    ...consent,
    identity: consent.identity.map(choose),
    api: consent.api.map(choose),
    offlineAccess: consent.offlineAccess && choose(consent.offlineAccess),
  };
}

/** Whether there were scopes to choose from and none is left. Details are not chosen from: they are agreed to with whatever is. */
export function isNothing({ identity, api, offlineAccess, details }: ConsentView, chosen: readonly string[]): boolean {
  const all = [...identity, ...api, ...(offlineAccess ? [offlineAccess] : [])];
  return details.length === 0 && all.length > 0 && !all.some(({ name, required }) => required || chosen.includes(name));
}
