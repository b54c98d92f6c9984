import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import { type Claims, objectRules } from '../../authorize/request-object-claims.js';
import { type RequestObjectKind, RequestObjects } from '../../authorize/request-objects.js';
import { declaredOf, decodeParameters, type Form } from '../../http/decode.js';
import { BackchannelAuthenticationParams, SignedRequestParams } from './backchannel-authentication-params.js';

const required = ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'] as const;

const signedRequest: RequestObjectKind = {
  params: BackchannelAuthenticationParams,
  rules: [
    { claim: required.join(', '), rule: 'CIBA Core §7.1.1: all of them required', fault: missingFault },
    ...objectRules,
  ],
  algorithmOf: ({ backchannelAuthenticationRequestSigningAlg }) => backchannelAuthenticationRequestSigningAlg,
};

/** Finds the parameters of a request: in what its client signed, or as they came (CIBA Core §7.1.1). One of both, never a mixture. */
@Injectable()
export class BackchannelRequests {
  constructor(private readonly objects: RequestObjects) {}

  /** @throws OAuthError `invalid_request` */
  async read(form: Form, client: Client): Promise<BackchannelAuthenticationParams> {
    const { request } = decodeParameters(SignedRequestParams, form);
    const isSigner = client.backchannelAuthenticationRequestSigningAlg !== undefined;
    if (request === undefined) {
      if (isSigner) throw invalid('The client must sign its requests: parameter request is missing.');
      return decodeParameters(BackchannelAuthenticationParams, form);
    }
    if (!isSigner) {
      throw invalid('The client signs no requests: backchannel_authentication_request_signing_alg is not registered.');
    }
    const [outside] = Object.keys(declaredOf(BackchannelAuthenticationParams, form));
    if (outside !== undefined) throw invalid(`${outside} must stand in the signed request, and nowhere else.`);
    return decodeParameters(BackchannelAuthenticationParams, await this.signed(request, client));
  }

  /** CIBA Core §13 has no code of its own for it. */
  private async signed(request: string, client: Client): Promise<Form> {
    try {
      return await this.objects.read(request, client, signedRequest);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      throw new OAuthError('invalid_request', error.message, { cause: error.cause });
    }
  }
}

function missingFault(claims: Claims): string | undefined {
  const missing = required.filter((name) => claims[name] === undefined);
  return missing.length === 0 ? undefined : `${missing.join(', ')} must be given (CIBA Core §7.1.1).`;
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
