import { TokenFamilies } from '@tessera/grant-types';
import {
  AuthorizationCodeStore,
  BackchannelAuthenticationStore,
  type Client,
  ClientStore,
  Clock,
  DeviceAuthorizationStore,
  LogoutNoticeStore,
  PairwiseSubjectStore,
  ReferenceTokenStore,
  RefreshTokenStore,
  RevokedTokenStore,
  SessionStore,
} from '@tessera/resource-model';
import { GrantedAccess } from '../tokens/granted-access.js';
import { SubjectIdentifiers } from '../tokens/subject-identifiers.js';
import { LogoutNotices } from './logout-notices.js';
import { SessionEnd } from './session-end.js';

/** Where the stores are found: by their abstract classes. */
export interface StoreSource {
  get<T>(store: abstract new (...dependencies: never[]) => T): T;
}

/** Everything that is open for a person: what has to end when somebody else may have signed in as that person. */
export class PersonAccess {
  constructor(
    private readonly sessions: SessionStore,
    private readonly sessionEnd: SessionEnd,
    private readonly access: GrantedAccess,
  ) {}

  /** For whoever has the stores and runs no server. */
  static of(stores: StoreSource, clock: Clock): PersonAccess {
    const notices = new LogoutNotices(stores.get(LogoutNoticeStore), stores.get(ClientStore), clock);
    const sessions = stores.get(SessionStore);
    const families = new TokenFamilies(
      stores.get(RefreshTokenStore),
      stores.get(ReferenceTokenStore),
      stores.get(RevokedTokenStore),
      clock,
    );
    const access = new GrantedAccess(
      stores.get(DeviceAuthorizationStore),
      stores.get(BackchannelAuthenticationStore),
      stores.get(AuthorizationCodeStore),
      families,
      new SubjectIdentifiers(stores.get(PairwiseSubjectStore)),
    );
    return new PersonAccess(sessions, new SessionEnd(sessions, notices), access);
  }

  /**
   * All sessions of the person, of which their clients are told: first, for without one nobody gets new tokens while the others are taken back.
   * @returns how many there were
   */
  async endSessions(subject: string): Promise<number> {
    const sessions = await this.sessions.listBySubject(subject);
    for (const { id } of sessions) await this.sessionEnd.end(id);
    return sessions.length;
  }

  /** All that a client has of the person: tokens, codes and devices. What was consented to stays. */
  endGrants(subject: string, client: Client): Promise<void> {
    return this.access.end(subject, client);
  }
}
