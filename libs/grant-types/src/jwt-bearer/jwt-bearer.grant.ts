import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import { AccessDerivation } from '../access-derivation.js';
import type { Authorization } from '../authorization.js';
import type { Grant, GrantCall, GrantOffer } from '../grant.js';
import { PersonStanding } from '../person-standing.js';
import { Assertions } from './assertions.js';

export class JwtBearerParams {
  @Parameter({ required: true, maxLength: 16_384 })
  assertion!: string;

  @Parameter()
  scope?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];
}

/** A client presents what a trusted server asserts about a person (RFC 7523 §2.1). No refresh token comes of it (RFC 7521 §4.1). */
@Injectable()
export class JwtBearerGrant implements Grant<JwtBearerParams> {
  readonly type = GrantTypes.jwtBearer;
  readonly params = JwtBearerParams;

  constructor(
    private readonly assertions: Assertions,
    private readonly access: AccessDerivation,
    private readonly people: PersonStanding,
  ) {}

  /** Who presents an assertion proves who it is: which clients an issuer is trusted for could not be told otherwise. */
  isAllowedFor(client: Client): boolean {
    const { allowedGrantTypes, requireClientSecret } = client;
    return allowedGrantTypes.includes(this.type) && requireClientSecret && this.assertions.mayPresent(client);
  }

  isOffered({ clients }: GrantOffer): boolean {
    return clients.length > 0;
  }

  async authorize(
    client: Client,
    { assertion, scope, resource }: JwtBearerParams,
    call: GrantCall,
  ): Promise<Authorization> {
    const asserted = await this.assertions.read(assertion, client);
    const { person, scopes } = asserted;
    const granted = await this.access.derive(client, { scopes }, { scope, resources: resource });
    await this.people.check(client, person);
    await call.useUpProof?.();
    // Last, so that of any number of requests at once exactly one gets a token, and a request that is refused uses nothing up.
    if (!(await asserted.use())) throw new OAuthError('invalid_grant', 'The assertion was used before.');
    return { client, person, ...granted };
  }
}
