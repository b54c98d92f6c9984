import { Injectable } from '@nestjs/common';
import { TokenFamilies } from '@tessera/grant-types';
import {
  AuthorizationCodeStore,
  BackchannelAuthenticationStore,
  type Client,
  DeviceAuthorizationStore,
} from '@tessera/resource-model';
import { SubjectIdentifiers } from './subject-identifiers.js';

/** All that a client has of a person: tokens, and what tokens would still come of. */
@Injectable()
export class GrantedAccess {
  constructor(
    private readonly devices: DeviceAuthorizationStore,
    private readonly backchannel: BackchannelAuthenticationStore,
    private readonly codes: AuthorizationCodeStore,
    private readonly families: TokenFamilies,
    private readonly subjects: SubjectIdentifiers,
  ) {}

  /** Devices, answers in the back channel and codes go first, so that no tokens come of them behind the back of this. */
  async end(subject: string, client: Client): Promise<void> {
    await this.devices.removeGrants(subject, client.clientId);
    await this.backchannel.removeGrants(subject, client.clientId);
    for (const familyId of await this.codes.removeGrants(subject, client.clientId)) {
      await this.families.revoke(familyId, client);
    }
    await this.families.revokeAll(subject, client, await this.subjects.of(subject, client));
  }
}
