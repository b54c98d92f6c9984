import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { OAuthError, Parameter } from '@tessera/protocol';
import { type Client, Clock, UsedIdStore } from '@tessera/resource-model';
import { decodeForm } from '../http/decode.js';
import { endpointUrls } from '../http/endpoint-url.js';
import type { HttpRequest } from '../http/message.js';
import { endpointNames, type ResolvedOptions, TOKEN_SERVER_OPTIONS } from '../token-server.options.js';
import { type Assertion, readAssertion } from './assertion.js';
import { assertionFault, tolerance } from './assertion-rules.js';
import { type AssertionSignature, PrivateKeySignature, SecretSignature } from './assertion-signatures.js';
import type { CredentialReader, Credentials } from './credentials.js';

class AssertionParams {
  @Parameter({ maxLength: 16_384 })
  clientAssertion?: string;

  @Parameter()
  clientAssertionType?: string;
}

/** RFC 7523 §2.2. */
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `private_key_jwt` and `client_secret_jwt`: a JWT that the client signs for one request (RFC 7523 §2.2, RFC 10070 §4). */
@Injectable()
export class AssertionReader implements CredentialReader {
  private readonly signatures: readonly AssertionSignature[];
  private readonly issuer: string;
  private readonly endpoints: ReadonlySet<string>;

  constructor(
    privateKeys: PrivateKeySignature,
    secrets: SecretSignature,
    @Inject(TOKEN_SERVER_OPTIONS) options: ResolvedOptions,
    private readonly usedIds: UsedIdStore,
    private readonly clock: Clock,
  ) {
    this.signatures = [privateKeys, secrets];
    this.issuer = options.issuer;
    this.endpoints = new Set(endpointNames.flatMap((name) => endpointUrls(options, name)));
  }

  read(request: HttpRequest): Credentials | undefined {
    const { clientAssertion: text, clientAssertionType: type } = decodeForm(AssertionParams, request);
    if (text === undefined && type === undefined) return undefined;
    if (text === undefined || type === undefined) {
      throw new OAuthError('invalid_request', 'client_assertion and client_assertion_type belong together.');
    }
    if (type !== assertionType) {
      throw new OAuthError('invalid_client', `client_assertion_type must be ${assertionType}.`);
    }
    const assertion = readAssertion(text);
    const signature = this.signatures.find(({ algorithms }) => algorithms.includes(assertion.algorithm))!;
    return {
      method: signature.method,
      id: assertion.subject,
      faultFor: (client) => this.faultFor(client, assertion, signature),
    };
  }

  private async faultFor(
    client: Client | undefined,
    assertion: Assertion,
    signature: AssertionSignature,
  ): Promise<string | undefined> {
    const { issuer, endpoints } = this;
    const unsuitable = client && assertionFault(assertion, client, { issuer, endpoints, now: this.clock.now() });
    if (unsuitable !== undefined) return unsuitable;
    const forged = await signature.faultFor(client, assertion);
    if (forged !== undefined || !client) return forged;
    return this.useUp(assertion);
  }

  /** RFC 7523 §3 (7). Only what the client itself signed is remembered: nobody else can fill the store, or use up an id of the client's. */
  private async useUp({ subject, claims: { jti, exp } }: Assertion): Promise<string | undefined> {
    const id = `client-assertion:${hash('sha256', `${subject}\0${jti as string}`, 'base64url')}`;
    // Twice: it is taken for so long after its end, and the clock of the node that forgets ids may be ahead by as much.
    const isFirst = await this.usedIds.use(id, Math.ceil(exp as number) + 2 * tolerance);
    return isFirst ? undefined : 'the assertion was used before';
  }
}
