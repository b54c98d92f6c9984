import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import {
  type BackchannelAuthentication,
  BackchannelAuthenticationStore,
  type Client,
  Clock,
  type HandleHash,
  hashHandle,
} from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import type { Grant, GrantCall, GrantOffer } from '../grant.js';
import { PersonStanding } from '../person-standing.js';
import { RequestedScopes } from '../requested-scopes.js';

export class BackchannelAuthenticationParams {
  @Parameter({ required: true, maxLength: 512 })
  authReqId!: string;
}

/** CIBA Core §11: seconds, at least, that a poll before its time adds to the interval. */
const penalty = 5;

const unknownId = 'The auth_req_id is unknown or was used before.';

/** A client asks whether the person whom it named has let it in (CIBA Core §10.1): again and again, or once it was told that there is an answer. */
@Injectable()
export class BackchannelAuthenticationGrant implements Grant<BackchannelAuthenticationParams> {
  readonly type = GrantTypes.ciba;
  readonly params = BackchannelAuthenticationParams;

  constructor(
    private readonly waiting: BackchannelAuthenticationStore,
    private readonly people: PersonStanding,
    private readonly scopes: RequestedScopes,
    private readonly clock: Clock,
  ) {}

  /** CIBA Core §7.1: the client authenticates, so a public one asks nobody. */
  isAllowedFor({ allowedGrantTypes, requireClientSecret }: Client): boolean {
    return allowedGrantTypes.includes(this.type) && requireClientSecret;
  }

  isOffered({ clients, canAskPeople }: GrantOffer): boolean {
    return canAskPeople && clients.length > 0;
  }

  async authorize(
    client: Client,
    { authReqId }: BackchannelAuthenticationParams,
    call: GrantCall,
  ): Promise<Authorization> {
    const handleHash = hashHandle(authReqId);
    const { subject, decision, resources, details } = await this.poll(client, handleHash);
    if (!decision) throw new OAuthError('authorization_pending', 'The person has not answered yet.');
    if (!decision.allowed) {
      await call.useUpProof?.();
      await this.waiting.redeem(handleHash);
      throw new OAuthError('access_denied', 'The person did not allow it.');
    }
    const { authentication } = decision;
    const person = { subject, authentication };
    await this.people.check(client, person);
    // What has been taken from the client in the meantime it does not get.
    const granted = await this.scopes.again(client, { scopes: decision.scopes, resources, details }, {});
    await call.useUpProof?.();
    // Last, so that of any number of polls at once exactly one gets tokens.
    if (!(await this.waiting.redeem(handleHash))) throw new OAuthError('invalid_grant', unknownId);
    return { client, person, ...granted };
  }

  /** CIBA Core §11: the order in which a poll is refused. */
  private async poll(client: Client, handleHash: HandleHash): Promise<BackchannelAuthentication> {
    const now = this.clock.now();
    const polled = await this.waiting.poll(handleHash, now, penalty);
    // Another client's try is answered as an unknown id, and does not burn it.
    if (polled?.authentication.clientId !== client.clientId) throw new OAuthError('invalid_grant', unknownId);
    const { authentication, tooEarly } = polled;
    if (authentication.expiresAt <= now) throw new OAuthError('expired_token', 'The auth_req_id has expired.');
    // CIBA Core §7.3: whoever was told that there is an answer comes for it at once.
    const isAnswered = authentication.ping !== undefined && authentication.decision !== undefined;
    if (tooEarly && !isAnswered) {
      const interval = authentication.interval + penalty;
      throw new OAuthError('slow_down', `The poll came too early: wait ${interval} seconds before the next.`);
    }
    return authentication;
  }
}
