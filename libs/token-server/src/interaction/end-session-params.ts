import { Parameter } from '@tessera/protocol';

/** The parameters of a logout request (OpenID Connect RP-Initiated Logout 1.0 §2). */
export class EndSessionParams {
  @Parameter({ maxLength: 16_384 })
  idTokenHint?: string;

  @Parameter({ maxLength: 256 })
  logoutHint?: string;

  @Parameter({ maxLength: 200 })
  clientId?: string;

  @Parameter()
  postLogoutRedirectUri?: string;

  @Parameter({ maxLength: 4096 })
  state?: string;

  @Parameter({ maxLength: 500 })
  uiLocales?: string;
}
