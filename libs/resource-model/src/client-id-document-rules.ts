import { IsArray, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { IsHostPattern, IsSeconds } from './validation-rules.js';
import { ClientPolicy } from './client-policy.js';

/** How the rules are given: with plain objects in the place of classes. */
export type ClientIdDocumentInit = Partial<Omit<ClientIdDocumentRules, 'policy'>> & { policy?: Partial<ClientPolicy> };

/** Clients whose id is the https address of a document that says what they are (draft-ietf-oauth-client-id-metadata-document). */
export class ClientIdDocumentRules {
  /** Where documents may be: `app.example.com`, `.example.com` for all below that name, `*` for any host. Empty: there are no such clients. */
  @IsArray()
  @IsHostPattern({ each: true })
  hosts: string[] = [];

  /** What these clients may be; of what a document lists beyond it, for other servers, nothing counts. */
  @ValidateNested()
  policy: ClientPolicy = new ClientPolicy({ applicationTypes: ['web', 'native'] });

  /** Seconds for which a document counts at least, whatever its Cache-Control says. */
  @IsSeconds(1)
  minAge = 60;

  /** Seconds for which a document counts at most. */
  @IsSeconds(1)
  maxAge = 86_400;

  /** Documents that are kept at once; beyond it that goes which was not asked for longest. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  mostDocuments = 1000;

  /** Requests to one host within a minute. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  requestsPerHost = 20;

  /** Requests in all within a minute: nobody floods others through this server. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  requestsInAll = 120;

  constructor(init: ClientIdDocumentInit = {}) {
    const policy = new ClientPolicy({ ...this.policy, ...init.policy });
    Object.assign(this, init, { policy });
  }
}
