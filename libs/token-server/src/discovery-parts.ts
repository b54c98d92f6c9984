// What each feature says of itself in the discovery document: a list to read, each part beside its feature.
import { authenticationLevelsMetadata } from './sessions/authentication-levels.metadata.js';
import { authorizationDetailsMetadata } from './resources/authorization-details.metadata.js';
import { responseModesMetadata } from './authorize/response-modes.metadata.js';
import { introspectionMetadata } from './endpoints/introspection/introspection.metadata.js';
import { encryptionMetadata } from './tokens/encryption.metadata.js';
import { dpopMetadata } from './possession/dpop.metadata.js';
import { requestObjectsMetadata } from './authorize/request-objects.metadata.js';
import { pushedAuthorizationMetadata } from './endpoints/pushed-authorization/pushed-authorization.metadata.js';
import { backchannelAuthenticationMetadata } from './endpoints/backchannel-authentication/backchannel-authentication.metadata.js';
import { clientAuthenticationMetadata } from './clients/client-authentication.metadata.js';
import { clientIdDocumentsMetadata } from './clients/client-id-documents/client-id-documents.metadata.js';
import { registrationMetadata } from './endpoints/registration/registration.metadata.js';
import { mtlsMetadata } from './possession/mtls.metadata.js';
import type { DiscoveryPart } from './http/discovery-part.js';

export const discoveryParts: readonly DiscoveryPart[] = [
  clientAuthenticationMetadata,
  dpopMetadata,
  authenticationLevelsMetadata,
  responseModesMetadata,
  encryptionMetadata,
  introspectionMetadata,
  authorizationDetailsMetadata,
  requestObjectsMetadata,
  pushedAuthorizationMetadata,
  backchannelAuthenticationMetadata,
  registrationMetadata,
  clientIdDocumentsMetadata,
  // The last: it repeats the addresses that the others say.
  mtlsMetadata,
];
