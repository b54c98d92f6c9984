import type { Addresses } from '../addresses.js';
import { callApi } from './chapters/api-calls.js';
import { askForMore } from './chapters/api-requirements.js';
import { beginDevice } from './chapters/device.js';
import { readDiscovery } from './chapters/discovery.js';
import { introspect } from './chapters/introspection.js';
import { fetchPersonTokens } from './chapters/person-tokens.js';
import { fetchProgramTokens } from './chapters/program-tokens.js';
import { refreshTokens } from './chapters/refresh.js';
import { useReferenceTokens } from './chapters/reference-tokens.js';
import { revokeTokens } from './chapters/revocation.js';
import { readUserinfo } from './chapters/userinfo.js';
import type { Guide } from './guide.js';

/** The whole way, from nothing but an issuer to tokens that are given back. */
export async function walk(guide: Guide, { sts, api }: Addresses): Promise<void> {
  const server = await readDiscovery(guide, sts);
  const program = await fetchProgramTokens(guide, server);
  const person = await fetchPersonTokens(guide, server);
  await readUserinfo(guide, server, person);
  const renewed = await refreshTokens(guide, server, person);
  await introspect(guide, server, renewed);
  await callApi(guide, server, api, program);
  await askForMore(guide, server, api, { program: program.good, person: renewed.access });
  await useReferenceTokens(guide, server, api);
  await revokeTokens(guide, server, renewed);
  await beginDevice(guide, server);
}
