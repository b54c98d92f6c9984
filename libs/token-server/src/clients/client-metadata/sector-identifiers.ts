import { Injectable } from '@nestjs/common';
import type { Client } from '@tessera/resource-model';
import { Outgoing } from '../../http/outgoing.js';
import { refusedMember } from './metadata-error.js';

const member = 'sector_identifier_uri';

/** Whether clients belong to the sector whose pairwise identifiers they want to share (OpenID Connect Registration §5). */
@Injectable()
export class SectorIdentifiers {
  constructor(private readonly outgoing: Outgoing) {}

  /** The document must list each redirect URI of the client. @throws OAuthError */
  async check({ sectorIdentifierUri: address, redirectUris }: Client): Promise<void> {
    if (address === undefined) return;
    if (!address.startsWith('https://')) throw refusedMember(member, 'must be an https URL');
    const listed = await this.fetch(address);
    const missing = redirectUris.find((uri) => !listed.includes(uri));
    if (missing !== undefined) throw refusedMember(member, `what is there does not list '${missing}'`);
  }

  private async fetch(address: string): Promise<readonly unknown[]> {
    const unusable = (cause: unknown) =>
      refusedMember(member, 'a list of redirect URIs in JSON could not be fetched there', cause);
    const answer = await this.outgoing.get(address).catch((error: unknown) => {
      throw unusable(error);
    });
    if (answer.status !== 200) throw unusable(`it answered ${answer.status}`);
    const list = parse(answer.body);
    if (!Array.isArray(list)) throw unusable('it is no list in JSON');
    return list as readonly unknown[];
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
