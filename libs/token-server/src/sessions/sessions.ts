import { Inject, Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import {
  type Client,
  Clock,
  createHandle,
  hashHandle,
  randomText,
  type Session,
  SessionStore,
} from '@tessera/resource-model';
import { Cookies } from '../http/cookies.js';
import type { HttpReply, HttpRequest } from '../http/message.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { browserState } from './browser-state.js';
import { SessionEnd } from './session-end.js';

/** Somebody who has just shown who they are. */
export interface SignIn {
  readonly subject: string;
  readonly methods: readonly string[];
  readonly identityProvider?: string;
  /** "Keep me signed in". */
  readonly remember: boolean;
}

/** A session is written again at most this often, in seconds: its end need not be known to the second. */
const touchInterval = 60;

/** Who is signed in with which browser: one person at a time in each. */
@Injectable()
export class Sessions {
  constructor(
    private readonly store: SessionStore,
    private readonly cookies: Cookies,
    private readonly sessionEnd: SessionEnd,
    private readonly profiles: ProfileService,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** The session of the browser that asks, if it is alive and its person may be here, and use the client; asking keeps it alive. */
  async current(request: HttpRequest, client?: Client): Promise<Session | undefined> {
    const session = await this.alive(request);
    if (!session || !(await this.profiles.isActive(session.subject, client))) return undefined;
    await this.keepAlive(session);
    return session;
  }

  /** As {@link current}, whether or not its person may be here: nothing may come of it but a refusal. */
  async alive(request: HttpRequest): Promise<Session | undefined> {
    const handle = this.cookies.read(request, 'session');
    const session = handle === undefined ? undefined : await this.store.find(hashHandle(handle));
    return session && session.expiresAt > this.clock.now() ? session : undefined;
  }

  /**
   * A person signs in. The cookie is a new one each time, so that nobody can put one into a browser and wait for somebody to sign in under it. The
   * same person goes on in the same session; another one ends it first.
   */
  async begin(request: HttpRequest, reply: HttpReply, signIn: SignIn): Promise<Session> {
    const handle = createHandle();
    const present = await this.alive(request);
    const session = this.newSession(handle, signIn, present, request.headers['user-agent']);
    if (present && present.id !== session.id) await this.sessionEnd.end(present.id);
    const replaced = present?.id === session.id && (await this.store.replace(session));
    if (!replaced) await this.store.add(session);
    const span = signIn.remember ? { maxAge: this.lifetimeOf(session) } : {};
    this.cookies.set(reply, 'session', handle, span);
    this.cookies.set(reply, 'state', browserState(session.id), span);
    return session;
  }

  /** Takes the cookies of a session that has ended meanwhile from the browser, so that session frames see its end (Session Management §3.2). */
  async forgetEnded(request: HttpRequest, reply: HttpReply): Promise<void> {
    if (this.cookies.read(request, 'session') === undefined || (await this.alive(request))) return;
    this.cookies.clear(reply, 'session');
    this.cookies.clear(reply, 'state');
  }

  /** Notes that a client gets something in the session. False where it has ended meanwhile: then the client must get nothing. */
  async join(session: Session, clientId: string): Promise<boolean> {
    return session.clients.includes(clientId) || this.store.addClient(session.id, clientId);
  }

  /** Ends the session of the browser that asks, and tells the clients. */
  async end(request: HttpRequest, reply: HttpReply): Promise<Session | undefined> {
    const handle = this.cookies.read(request, 'session');
    this.cookies.clear(reply, 'session');
    this.cookies.clear(reply, 'state');
    const session = handle === undefined ? undefined : await this.store.find(hashHandle(handle));
    return session && this.sessionEnd.end(session.id);
  }

  /** Whether the session of that `sid` is alive, which a refresh in it keeps it. */
  async isAlive(sessionId: string): Promise<boolean> {
    const session = await this.store.findById(sessionId);
    if (!session || session.expiresAt <= this.clock.now()) return false;
    await this.keepAlive(session);
    return true;
  }

  private async keepAlive(session: Session): Promise<void> {
    const now = this.clock.now();
    if (now - session.lastSeenAt < touchInterval) return;
    await this.store.touch(session.id, now, this.endOf(session, now));
  }

  private newSession(handle: string, signIn: SignIn, present: Session | undefined, userAgent?: string): Session {
    const now = this.clock.now();
    const goesOn = present?.subject === signIn.subject;
    const session = {
      handleHash: hashHandle(handle),
      id: goesOn ? present.id : randomText(16),
      subject: signIn.subject,
      authentication: {
        time: now,
        methods: signIn.methods,
        contextClass: this.options.authenticationLevels.nameFor(signIn.methods),
      },
      identityProvider: signIn.identityProvider,
      remembered: signIn.remember,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: 0,
      userAgent: userAgent?.slice(0, 300),
      clients: goesOn ? present.clients : [],
    };
    return { ...session, expiresAt: this.endOf(session, now) };
  }

  /** Each sight of the person moves the end, up to the end of all. */
  private endOf(session: Session, now: number): number {
    const { idleTimeout, rememberedIdleTimeout } = this.options.sessions;
    const idle = session.remembered ? rememberedIdleTimeout : idleTimeout;
    return Math.min(now + idle, session.authentication.time + this.lifetimeOf(session));
  }

  private lifetimeOf({ remembered }: Session): number {
    const { lifetime, rememberedLifetime } = this.options.sessions;
    return remembered ? rememberedLifetime : lifetime;
  }
}
