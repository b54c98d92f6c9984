import type { Fault } from '@tessera/resource-model';
import type { ResolvedOptions } from '../../token-server.options.js';

/** What is required must be possible. */
export function pushedAuthorizationFaults({ requirePushedAuthorization: value, endpoints }: ResolvedOptions): Fault[] {
  const at = (problem: string): Fault[] => [{ path: 'requirePushedAuthorization', value, problem }];
  if (typeof value !== 'boolean') return at('must be true or false');
  if (!value || endpoints.pushedAuthorization) return [];
  return at('needs the endpoint that is switched off: leave endpoints.pushedAuthorization on');
}
