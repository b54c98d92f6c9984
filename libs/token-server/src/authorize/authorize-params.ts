import { longestDetails } from '@tessera/grant-types';
import { Parameter } from '@tessera/protocol';

/** Read first, and by itself: whoever asks and where the answer goes decides how everything else is refused (RFC 6749 §4.1.2.1). */
export class AuthorizeTargetParams {
  @Parameter({ maxLength: 200 })
  clientId?: string;

  @Parameter()
  redirectUri?: string;
}

/** The parameters of an authorize request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1 and §5.5, RFC 7636 §4.3, RFC 8707 §2, RFC 9396 §2). */
export class AuthorizeParams extends AuthorizeTargetParams {
  @Parameter({ maxLength: 100 })
  responseType?: string;

  @Parameter({ maxLength: 100 })
  responseMode?: string;

  @Parameter()
  scope?: string;

  @Parameter({ maxLength: 4096 })
  state?: string;

  @Parameter()
  nonce?: string;

  @Parameter({ maxLength: 100 })
  display?: string;

  @Parameter({ maxLength: 200 })
  prompt?: string;

  @Parameter({ maxLength: 20 })
  maxAge?: string;

  @Parameter({ maxLength: 500 })
  uiLocales?: string;

  @Parameter({ maxLength: 16_384 })
  idTokenHint?: string;

  @Parameter({ maxLength: 256 })
  loginHint?: string;

  @Parameter({ maxLength: 1000 })
  acrValues?: string;

  @Parameter({ maxLength: 8192 })
  claims?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];

  @Parameter({ maxLength: longestDetails })
  authorizationDetails?: string;

  @Parameter({ maxLength: 200 })
  codeChallenge?: string;

  @Parameter({ maxLength: 20 })
  codeChallengeMethod?: string;

  @Parameter({ maxLength: 200 })
  dpopJkt?: string;

  @Parameter({ maxLength: 8192 })
  registration?: string;
}
