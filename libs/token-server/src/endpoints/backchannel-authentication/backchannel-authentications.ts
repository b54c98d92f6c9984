import { Inject, Injectable } from '@nestjs/common';
import { type GrantedScopes, RequestedScopes } from '@tessera/grant-types';
import {
  type BackchannelAuthentication,
  BackchannelAuthenticationStore,
  type Client,
  Clock,
  createHandle,
  hashHandle,
} from '@tessera/resource-model';
import { RequestDeniedError } from '../../http/request-denied.error.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { AskedPeople } from './asked-people.js';
import type { BackchannelAuthenticationParams } from './backchannel-authentication-params.js';
import {
  checkBinding,
  checkBindingMessage,
  checkScope,
  lifetime,
  notificationToken,
} from './backchannel-request-rules.js';

/** What waits for the person's word, and the id with which its client comes for the answer. */
export interface BegunAuthentication {
  readonly authReqId: string;
  readonly waiting: BackchannelAuthentication;
}

/** Seconds between two polls, as long as the client keeps to them (CIBA Core §7.3). */
const interval = 5;

/** Questions of one client that wait for one person at once: more than anybody means to answer (CIBA Core §14). */
const mostWaiting = 3;

/** Takes what clients want people to be asked. */
@Injectable()
export class BackchannelAuthentications {
  constructor(
    private readonly store: BackchannelAuthenticationStore,
    private readonly people: AskedPeople,
    private readonly scopes: RequestedScopes,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** @throws OAuthError by the codes of CIBA Core §13; `access_denied` where too many questions wait for the person already; TooManyAttemptsError */
  async begin(client: Client, params: BackchannelAuthenticationParams): Promise<BegunAuthentication> {
    checkScope(params);
    checkBindingMessage(params);
    const authReqId = createHandle();
    const token = notificationToken(params, client);
    const ping = token === undefined ? undefined : { authReqId, token };
    const now = this.clock.now();
    const expiresAt = now + lifetime(params, client);
    const granted = await this.scopes.forPerson(client, params);
    checkBinding(params, client, granted);
    // Last of all that can be wrong: who sends nonsense learns nothing about people.
    const subject = await this.people.find(params, client);
    const begun = { handleHash: hashHandle(authReqId), id: createHandle(), clientId: client.clientId, subject };
    const waiting = { ...begun, ...this.asked(params, granted), ping, createdAt: now, expiresAt, interval };
    if (await this.store.add(waiting, now, mostWaiting)) return { authReqId, waiting };
    throw new RequestDeniedError(`${mostWaiting} requests wait for the person already: try again when they are over.`);
  }

  private asked({ bindingMessage, acrValues = '' }: BackchannelAuthenticationParams, granted: GrantedScopes) {
    const { names } = this.options.authenticationLevels;
    // What nobody can reach is passed over: the values are a wish (CIBA Core §7.1).
    const contextClasses = acrValues.split(' ').filter((acr) => names.includes(acr));
    return { ...granted, bindingMessage, ...(contextClasses.length > 0 && { contextClasses }) };
  }
}
