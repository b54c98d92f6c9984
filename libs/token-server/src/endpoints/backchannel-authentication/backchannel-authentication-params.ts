import { longestDetails } from '@tessera/grant-types';
import { Parameter } from '@tessera/protocol';
import { longestObject } from '../../authorize/request-objects.js';

/** The parameters of a backchannel authentication request (CIBA Core §7.1, RFC 8707 §2, RFC 9396 §2). */
export class BackchannelAuthenticationParams {
  @Parameter()
  scope?: string;

  @Parameter()
  clientNotificationToken?: string;

  @Parameter({ maxLength: 1000 })
  acrValues?: string;

  @Parameter({ maxLength: 16_384 })
  loginHintToken?: string;

  @Parameter({ maxLength: 16_384 })
  idTokenHint?: string;

  @Parameter({ maxLength: 256 })
  loginHint?: string;

  @Parameter()
  bindingMessage?: string;

  @Parameter({ maxLength: 20 })
  requestedExpiry?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];

  @Parameter({ maxLength: longestDetails })
  authorizationDetails?: string;
}

/** Where they stand instead where the client signs them (CIBA Core §7.1.1). */
export class SignedRequestParams {
  @Parameter({ maxLength: longestObject })
  request?: string;
}
