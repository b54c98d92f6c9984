import { hash } from 'node:crypto';
import { AnswerTooLongError, fetchText, type AnswerLimits, type TextAnswer } from '../http/fetch-text.js';
import type { IntrospectionSettings } from '../options/issuer-settings.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { TokenIntrospector } from '../token/token-introspector.js';
import { AnswerCache } from './answer-cache.js';
import { FailurePause } from './failure-pause.js';
import { readAnswer, type Judgement } from './introspection-answer.js';
import { IntrospectionFailure } from './introspection-failure.js';
import { introspectionRequests } from './introspection-request.js';

/** How an issuer is asked about reference tokens; lengths of time in seconds. */
export interface IntrospectionPolicy extends Omit<IntrospectionSettings, 'endpoint'> {
  readonly issuer: string;
  readonly fetchTimeout: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Requests that may be under way at once: a flood of made-up tokens must not take all the sockets there are. */
const mostUnderWay = 100;

/** Answers in use are below 4 kB. */
const maxBytes = 64 * 1024;

/**
 * Asks an issuer about reference tokens at its introspection endpoint (RFC 7662), and remembers what it said.
 *
 * - There is never more than one request about a token under way; whoever needs its answer waits for the same one.
 * - What is no answer is never taken for "not active": the token was not judged, and the request gets 503.
 * - While the issuer fails, what is remembered still counts for its time, and everything else is refused at once.
 */
export class IntrospectionClient extends TokenIntrospector {
  private readonly issuer: string;
  private readonly clock: () => number;
  private readonly limits: AnswerLimits;
  private readonly requestFor: (token: string) => RequestInit;
  private readonly answers: AnswerCache;
  private readonly pause: FailurePause;
  /** By the hash of the token, as the answers: no token stays in memory longer than its request. */
  private readonly underWay = new Map<string, Promise<Judgement>>();

  constructor(
    policy: IntrospectionPolicy,
    /** Where to ask: from the options, or from the issuer's metadata. May reject while these cannot be had. */
    private readonly endpoint: () => Promise<string>,
    /** Told of each failed request, for the log. */
    private readonly onFailure: (error: Error) => void = () => undefined,
  ) {
    super();
    const { cacheLifetime, negativeCacheLifetime, cacheSize, clock } = policy;
    this.issuer = policy.issuer;
    this.clock = clock;
    this.limits = { timeout: policy.fetchTimeout, maxBytes };
    this.requestFor = introspectionRequests(policy);
    this.answers = new AnswerCache({ cacheLifetime, negativeCacheLifetime, cacheSize });
    this.pause = new FailurePause(clock);
  }

  override async introspect(token: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    // All of the token goes into the key: two tokens that differ in one character have nothing in common.
    const key = hash('sha256', token, 'base64url');
    const judgement = this.answers.find(key, this.clock()) ?? (await (this.underWay.get(key) ?? this.ask(key, token)));
    return judgement || undefined;
  }

  private ask(key: string, token: string): Promise<Judgement> {
    if (this.underWay.size >= mostUnderWay) throw unavailable(1, `${mostUnderWay} introspections are under way`);
    const pause = this.pause.begin(key);
    if (pause) throw unavailable(pause.seconds, pause.failure);
    const asking = this.judge(key, token).finally(() => this.underWay.delete(key));
    this.underWay.set(key, asking);
    return asking;
  }

  private async judge(key: string, token: string): Promise<Judgement> {
    const askedAt = this.clock();
    try {
      const judgement = readAnswer(await this.send(token));
      this.pause.succeeded();
      this.answers.keep(key, judgement, askedAt);
      return judgement;
    } catch (error) {
      const failure = IntrospectionFailure.of(this.issuer, error);
      const { seconds } = this.pause.failed(key, failure);
      this.onFailure(failure);
      throw unavailable(seconds, failure);
    }
  }

  private async send(token: string): Promise<TextAnswer> {
    try {
      return await fetchText(await this.endpoint(), this.requestFor(token), this.limits);
    } catch (cause) {
      // How long an answer is depends on the token; that there is none does not.
      const concernsIssuer = !(cause instanceof AnswerTooLongError);
      throw new IntrospectionFailure((cause as Error).message, { cause, concernsIssuer });
    }
  }
}

function unavailable(seconds: number, cause: unknown): AccessTokenError {
  const description = "The token's issuer cannot be asked about it at the moment.";
  return new AccessTokenError('issuer_unavailable', description, {
    cause,
    retryAfter: Math.max(1, Math.ceil(seconds)),
  });
}
