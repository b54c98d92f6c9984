import { authorizationCodeSchema } from './authorization-code.schema.js';
import { backchannelAuthenticationSchema } from './backchannel-authentication.schema.js';
import { clientSchema } from './client.schema.js';
import { configurationChangeSchema, configurationVersionSchema } from './configuration-change.schema.js';
import {
  apiResourceSchema,
  apiScopeSchema,
  authorizationDetailTypeSchema,
  identityResourceSchema,
} from './configured-item.schema.js';
import { consentSchema } from './consent.schema.js';
import { deviceAuthorizationSchema } from './device-authorization.schema.js';
import { interactionSchema } from './interaction.schema.js';
import { knownDeviceSchema } from './known-device.schema.js';
import { logoutNoticeSchema } from './logout-notice.schema.js';
import { pairwiseSubjectSchema } from './pairwise-subject.schema.js';
import { pushedRequestSchema } from './pushed-request.schema.js';
import { referenceTokenSchema } from './reference-token.schema.js';
import { registeredClientSchema } from './registered-client.schema.js';
import { revokedTokenSchema } from './revoked-token.schema.js';
import { refreshResponseSchema } from './refresh-response.schema.js';
import { refreshTokenSchema } from './refresh-token.schema.js';
import { sessionSchema } from './session.schema.js';
import { signInAttemptsSchema } from './sign-in-attempts.schema.js';
import { signingKeySchema } from './signing-key.schema.js';
import { usedIdSchema } from './used-id.schema.js';
import { userSchema } from './user.schema.js';

/** Every table, in the order in which they were thought of. */
export const schemas = [
  signingKeySchema,
  refreshTokenSchema,
  refreshResponseSchema,
  authorizationCodeSchema,
  consentSchema,
  knownDeviceSchema,
  pairwiseSubjectSchema,
  referenceTokenSchema,
  revokedTokenSchema,
  sessionSchema,
  interactionSchema,
  pushedRequestSchema,
  deviceAuthorizationSchema,
  backchannelAuthenticationSchema,
  logoutNoticeSchema,
  signInAttemptsSchema,
  usedIdSchema,
  clientSchema,
  apiResourceSchema,
  apiScopeSchema,
  authorizationDetailTypeSchema,
  identityResourceSchema,
  userSchema,
  registeredClientSchema,
  configurationChangeSchema,
  configurationVersionSchema,
];
