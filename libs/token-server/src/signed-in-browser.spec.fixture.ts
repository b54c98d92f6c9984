import { hash } from 'node:crypto';
import { Controller, Get, Inject, Injectable, Module, Query, Req, Res } from '@nestjs/common';
import type { HttpReply, HttpRequest } from './http/message.js';
import { InteractionPages } from './interaction/interaction-pages.js';
import { InteractionService } from './interaction/interaction.service.js';
import type { Problem } from './interaction/views.js';
import type { Answer, RunningServer } from './running-server.spec.fixture.js';

/** Pages without any look: what an application brings that has its own. */
@Injectable()
export class PlainPages extends InteractionPages {
  readonly paths = {
    signIn: 'signin',
    chooseAccount: 'account',
    consent: 'consent',
    device: 'device',
    signOut: 'signout',
    signedOut: 'signedout',
  };

  async showProblem({ status, ...problem }: Problem, _request: HttpRequest, reply: HttpReply): Promise<void> {
    reply.status(status).send(problem);
  }
}

/** Does at once what a person would do on the pages, by the words of the query. */
@Controller('act')
class PersonController {
  constructor(@Inject(InteractionService) private readonly interactions: InteractionService) {}

  @Get()
  async act(
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
    @Query() query: Record<string, string>,
  ): Promise<void> {
    reply.status(200).send({ next: await this.answer(request, reply, query) });
  }

  private async answer(request: HttpRequest, reply: HttpReply, query: Record<string, string>) {
    if (query.withdraw !== undefined) return this.interactions.withdraw(request, query.withdraw);
    if (query.device !== undefined) {
      return this.interactions.allowDevice(request, query.device, (query.scopes ?? '').split(' '));
    }
    const pending = await this.interactions.pending(request);
    if (query.as !== undefined) {
      const person = { subject: `subject-of-${query.as}`, methods: query.by?.split(' ') };
      return this.interactions.signIn(request, reply, person, { remember: query.remember === 'true' });
    }
    if (query.do === 'look' || 'lost' in pending) return pending;
    if (query.do === 'choose') return this.interactions.continueAs(request, pending);
    if (query.do === 'cancel') return this.interactions.cancel(request, pending);
    const scopes = (query.scopes ?? '').split(' ');
    return this.interactions.allow(request, pending, { scopes, remember: query.remember === 'true' });
  }
}

@Module({
  controllers: [PersonController],
  providers: [{ provide: InteractionPages, useClass: PlainPages }],
  exports: [InteractionPages],
})
export class PlainPagesModule {}

/** A browser: keeps cookies, follows nothing by itself. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly server: RunningServer) {}

  async get(path: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await this.server.send(path, { ...init, headers: { ...(cookie && { cookie }), ...init.headers } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  cookie(name: string): string | undefined {
    return this.cookies.get(name);
  }

  /** An authorize request. */
  authorize(parameters: Record<string, string>): Promise<Answer> {
    return this.get(`connect/authorize?${new URLSearchParams(parameters).toString()}`);
  }

  /** What the person does on the page that an answer leads to. Gives the answer of the authorize endpoint after it. */
  async act(answer: Answer, doing: Record<string, string>): Promise<Answer> {
    const page = new URL(answer.headers.get('location')!);
    const query = new URLSearchParams({ ...Object.fromEntries(page.searchParams), ...doing });
    const { next } = (await this.get(`act?${query.toString()}`)).body;
    return this.get(pathOf(next as string));
  }

  async look(answer: Answer): Promise<Record<string, unknown>> {
    const page = new URL(answer.headers.get('location')!);
    return (await this.get(`act?do=look&${page.searchParams.toString()}`)).body.next as Record<string, unknown>;
  }

  async signIn(name: string, by = 'pwd'): Promise<void> {
    await this.get(`act?as=${name}&by=${by}`);
  }

  /** Takes back what the person allowed the client. */
  async withdraw(clientId: string): Promise<void> {
    await this.get(`act?withdraw=${clientId}`);
  }
}

export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname.slice(1)}${search}`;
}

/** What the answer tells the client, wherever it stands. */
export function toClient(answer: Answer): Record<string, string> {
  const url = new URL(answer.headers.get('location') ?? 'none:');
  return Object.fromEntries([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))]);
}

export const verifier = 'a-verifier-of-forty-three-characters-or-more-1234';
export const challenge = hash('sha256', verifier, 'base64url');
