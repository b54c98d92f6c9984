import type { Client } from '@tessera/resource-model';

/** Who wants to know something about a person, and what. */
export interface ProfileRequest {
  readonly subject: string;
  readonly client: Client;
  /** Names of the claims that the granted scopes and resources call for. */
  readonly claimTypes: ReadonlySet<string>;
  /** Where the claims go. */
  readonly caller: 'access_token' | 'id_token' | 'userinfo';
}

/** What is known about people. An application with its own directory provides its own. */
export abstract class ProfileService {
  /** The claims that the person has, of those asked for; names that the server sets itself are dropped. */
  abstract claims(request: ProfileRequest): Promise<Readonly<Record<string, unknown>>>;

  /** Whether the person may still have tokens; asked at each sign-in and each refresh. Without a client: whether the person may be here at all. */
  abstract isActive(subject: string, client?: Client): Promise<boolean>;

  /** What the person is called on a page; undefined: nobody knows. */
  async displayName(_subject: string): Promise<string | undefined> {
    return undefined;
  }
}
