import { Injectable } from '@nestjs/common';
import type { AuthorizationDetail, Client, ResourceCatalogue } from '@tessera/resource-model';
import { parseDetails, refused } from './detail-list.js';
import { DetailRules } from './detail-rules.js';

type Details = readonly AuthorizationDetail[] | undefined;

/** Which authorization details a request may have: those of types that exist, that its client lists, and that their schema lets through (RFC 9396). */
@Injectable()
export class RequestedDetails {
  constructor(private readonly rules: DetailRules) {}

  /** @param json `authorization_details` as it came. @throws OAuthError `invalid_authorization_details` */
  read(client: Client, catalogue: ResourceCatalogue, json: string | undefined): Details {
    const details = parseDetails(json);
    details?.forEach((detail, index) => {
      const type = catalogue.authorizationDetailTypes.get(detail.type);
      // RFC 9396 §5: an unknown type is refused, and what a client may not have is as unknown to it.
      if (!type || !isAllowed(client, catalogue, detail)) {
        throw refused(`[${index}].type '${detail.type.slice(0, 60)}' is unknown or not allowed for this client.`);
      }
      const fault = this.rules.faultOf(type, detail);
      if (fault !== undefined) throw refused(`[${index}] does not fit its type '${type.type}': ${fault}.`);
    });
    return details;
  }

  /**
   * For tokens that come of an earlier grant: what was granted and still may be; asking may narrow it, never widen (RFC 9396 §6 and §6.1).
   * @throws OAuthError `invalid_authorization_details`
   */
  async again(
    client: Client,
    catalogue: ResourceCatalogue,
    granted: Details,
    json: string | undefined,
  ): Promise<Details> {
    const asked = this.read(client, catalogue, json);
    if (!asked) return granted?.filter((detail) => isAllowed(client, catalogue, detail));
    for (const [index, detail] of asked.entries()) {
      if (!(await this.isGranted(catalogue, detail, granted ?? []))) {
        throw refused(`[${index}] asks for what was not granted when the grant was made.`);
      }
    }
    return asked;
  }

  private async isGranted(
    catalogue: ResourceCatalogue,
    asked: AuthorizationDetail,
    granted: readonly AuthorizationDetail[],
  ): Promise<boolean> {
    const type = catalogue.authorizationDetailTypes.get(asked.type)!;
    for (const one of granted) {
      if (one.type === asked.type && (await this.rules.isWithin(type, asked, one))) return true;
    }
    return false;
  }
}

function isAllowed(client: Client, catalogue: ResourceCatalogue, { type }: AuthorizationDetail): boolean {
  return client.authorizationDetailsTypes.includes(type) && catalogue.authorizationDetailTypes.has(type);
}
