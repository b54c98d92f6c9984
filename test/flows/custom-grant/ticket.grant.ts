import { Injectable } from '@nestjs/common';
import {
  type Authorization,
  type Client,
  type Grant,
  OAuthError,
  Parameter,
  ProfileService,
  RequestedScopes,
} from '@tessera/token-server';
import { LegacyTickets } from './legacy-tickets.js';

export class TicketParams {
  @Parameter({ required: true, maxLength: 200 })
  ticket!: string;

  @Parameter()
  scope?: string;
}

/** A person who is signed in at the old portal comes with a ticket of it (RFC 6749 §4.5). */
@Injectable()
export class TicketGrant implements Grant<TicketParams> {
  readonly type = 'urn:example:legacy-ticket';
  readonly params = TicketParams;

  constructor(
    private readonly tickets: LegacyTickets,
    private readonly profiles: ProfileService,
    private readonly scopes: RequestedScopes,
  ) {}

  async authorize(client: Client, params: TicketParams): Promise<Authorization> {
    // Scopes first: a request that could not succeed anyway does not use up the ticket.
    const granted = await this.scopes.forPerson(client, params);
    const ticket = await this.tickets.redeem(params.ticket);
    if (!ticket || !(await this.profiles.isActive(ticket.subject, client))) {
      throw new OAuthError('invalid_grant', 'The ticket is unknown, used or expired.');
    }
    const authentication = { time: ticket.signedInAt, methods: ['pwd'] };
    return { client, person: { subject: ticket.subject, authentication }, ...granted, claims: { came_from: 'portal' } };
  }
}
