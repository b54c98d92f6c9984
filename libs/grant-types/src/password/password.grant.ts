import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import { type Client, Clock } from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import type { Grant } from '../grant.js';
import { ProfileService } from '../profile.service.js';
import { RequestedScopes } from '../requested-scopes.js';
import { ResourceOwnerPasswordValidator } from './resource-owner-password.validator.js';

export class PasswordParams {
  @Parameter({ required: true, maxLength: 256 })
  username!: string;

  @Parameter({ required: true, maxLength: 1024 })
  password!: string;

  @Parameter()
  scope?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];

  @Parameter()
  authorizationDetails?: string;
}

/** A trusted client hands over a person's password (RFC 6749 §4.3); left out of OAuth 2.1, so off unless a client lists it. */
@Injectable()
export class PasswordGrant implements Grant<PasswordParams> {
  readonly type = GrantTypes.password;
  readonly params = PasswordParams;

  constructor(
    private readonly passwords: ResourceOwnerPasswordValidator,
    private readonly profiles: ProfileService,
    private readonly scopes: RequestedScopes,
    private readonly clock: Clock,
  ) {}

  async authorize(client: Client, params: PasswordParams): Promise<Authorization> {
    // Scopes first: a request that could not succeed anyway costs no password check.
    const granted = await this.scopes.forPerson(client, params);
    const person = await this.passwords.validate(params.username, params.password, { client });
    if (!person || !(await this.profiles.isActive(person.subject, client))) {
      throw new OAuthError('invalid_grant', 'The user name or the password is wrong.');
    }
    const authentication = { time: this.clock.now(), methods: person.methods ?? ['pwd'] };
    return { client, person: { subject: person.subject, authentication }, ...granted };
  }
}
