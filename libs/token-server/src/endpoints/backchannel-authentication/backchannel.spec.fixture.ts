import { GrantTypes } from '@tessera/protocol';
import type { ClientInit, Session } from '@tessera/resource-model';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { BackchannelNotifier, type BackchannelQuestion } from '../../interaction/backchannel-notifier.js';
import { BackchannelQuestions } from '../../interaction/backchannel-questions.js';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import {
  type adapters,
  type Answer,
  client,
  run,
  type RunningServer,
  seed,
} from '../../running-server.spec.fixture.js';
import { Sessions } from '../../sessions/sessions.js';
import { PlainPages } from '../../signed-in-browser.spec.fixture.js';

class PagesWithQuestions extends PlainPages {
  override readonly paths = { ...new PlainPages().paths, backchannel: 'backchannel' };
}

/** Keeps what people are told. */
export class Mailbox extends BackchannelNotifier {
  readonly questions: BackchannelQuestion[] = [];

  async notify(question: BackchannelQuestion): Promise<void> {
    this.questions.push(question);
  }
}

export const payment = { type: 'payment', schema: { type: 'object' } };

export const asker = (clientId: string, difference: Partial<ClientInit> = {}) =>
  client(clientId, {
    allowedGrantTypes: [GrantTypes.ciba],
    backchannelTokenDeliveryMode: 'poll',
    allowedScopes: ['openid', 'profile', 'api1', 'api2'],
    ...difference,
  });

const request = { method: 'POST', url: '/backchannel', headers: {}, ip: '192.0.2.1' } as HttpRequest;
const reply: HttpReply = {
  header: () => reply,
  getHeader: () => undefined,
  removeHeader: () => reply,
  status: () => reply,
  send: () => reply,
};

/** A server whose people are asked in the back channel: what clients send, and what people answer. */
export class AskingServer {
  private constructor(
    readonly server: RunningServer,
    readonly mailbox: Mailbox,
  ) {}

  static async start(options: Parameters<typeof run>[0], adapter?: (typeof adapters)[number]): Promise<AskingServer> {
    const mailbox = new Mailbox();
    const providers = [
      { provide: InteractionPages, useClass: PagesWithQuestions },
      { provide: BackchannelNotifier, useValue: mailbox },
      ...(options?.providers ?? []),
    ];
    const clients = [...seed.clients, ...(options?.clients ?? [])];
    const all = { authorizationDetailTypes: [payment], ...options, clients, providers };
    return new AskingServer(await run(all, { adapter }), mailbox);
  }

  /** What is undefined is not sent. */
  begin(form: Readonly<Record<string, string | undefined>> = {}, id = 'bank'): Promise<Answer> {
    const all = { scope: 'openid', login_hint: 'alice', ...form };
    const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return this.server.post('connect/ciba', Object.fromEntries(sent), { basic: `${id}:secret` });
  }

  poll(authReqId: unknown, id = 'bank'): Promise<Answer> {
    const form = { grant_type: GrantTypes.ciba, auth_req_id: authReqId as string };
    return this.server.post('connect/token', form, { basic: `${id}:secret` });
  }

  signIn(name = 'alice'): Promise<Session> {
    const person = { subject: `subject-of-${name}`, methods: ['pwd'], remember: false };
    return this.server.app.get(Sessions).begin(request, reply, person);
  }

  /** The person answers what was asked last. `scopes`: undefined refuses. */
  async answer(scopes: readonly string[] | undefined, name = 'alice'): Promise<boolean> {
    const id = new URL(this.mailbox.questions.at(-1)!.url).searchParams.get('request')!;
    return this.server.app.get(BackchannelQuestions).decide(id, await this.signIn(name), scopes);
  }
}
