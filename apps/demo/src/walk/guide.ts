import { isDeepStrictEqual } from 'node:util';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http-client.js';
import { paint } from '../terminal/paint.js';
import type { Print } from '../terminal/print.js';
import { decodeToken, type DecodedToken } from './decoded-token.js';
import { prettyJson } from './pretty-json.js';
import { answerLines, requestLines, tokenLines } from './transcript.js';

/** The walk cannot go on: an answer lacks what the next request needs. */
export class DeadEnd extends Error {
  override readonly name = 'DeadEnd';
}

/** Leads through the walk: asks, shows what was asked and answered, and keeps account of what is as it must be. */
export class Guide {
  private chapterTitle = '';
  private checks = 0;
  private readonly wrong: string[] = [];

  constructor(
    private readonly http: HttpClient,
    private readonly print: Print,
    private readonly interrupted: AbortSignal,
  ) {}

  chapter(title: string, ...words: readonly string[]): void {
    this.chapterTitle = title;
    this.print('', paint(['bold', 'underline'], title));
    this.say(...words);
  }

  say(...words: readonly string[]): void {
    this.print(...words.map((word) => paint('gray', word)));
  }

  /** Sends a request, and shows it with its answer. */
  async ask(request: HttpRequest): Promise<HttpAnswer> {
    this.print('', ...requestLines(request));
    const answer = await this.askQuietly(request);
    this.print(...answerLines(answer));
    return answer;
  }

  /** Sends a request that would tell a reader nothing new. */
  async askQuietly(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await this.http.send(request, AbortSignal.any([this.interrupted, AbortSignal.timeout(10_000)]));
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      throw new Error(`${request.method} ${request.url} got no answer: ${message || code}`, { cause: error });
    }
  }

  /** Shows what a JWT says. */
  open(name: string, token: string): DecodedToken {
    const decoded = decodeToken(token);
    this.check(`the ${name} is a JWT`, decoded !== undefined);
    if (!decoded) throw new DeadEnd(`The ${name} is not a JWT.`);
    this.print(...tokenLines(name, decoded));
    return decoded;
  }

  /** Checks that a value is what it must be. */
  expect(what: string, actual: unknown, expected: unknown): void {
    if (isDeepStrictEqual(actual, expected)) this.pass(`${what}: ${said(expected)}`);
    else this.fail(`${what}: ${said(actual)}, and must be ${said(expected)}`);
  }

  /** Checks that something is so. */
  check(what: string, isSo: boolean): void {
    if (isSo) this.pass(what);
    else this.fail(`not so: ${what}`);
  }

  /** Takes a text out of an answer. Throws a DeadEnd where it is missing. */
  take(answer: HttpAnswer, member: string): string {
    const value = memberOf(answer, member);
    if (typeof value === 'string' && value !== '') return value;
    this.fail(`${member} is missing in the answer`);
    throw new DeadEnd(`Without ${member} there is no way on.`);
  }

  /** One line on how it went. */
  summary(): string {
    const { length } = this.wrong;
    return length === 0
      ? paint('green', `✔ All ${this.checks} checks passed.`)
      : [paint('red', `✘ ${length} of ${this.checks} checks failed:`), ...this.wrong.map((line) => `  ${line}`)].join(
          '\n',
        );
  }

  get hasFailed(): boolean {
    return this.wrong.length > 0;
  }

  private pass(line: string): void {
    this.checks += 1;
    this.print(`  ${paint('green', `✔ ${line}`)}`);
  }

  private fail(line: string): void {
    this.checks += 1;
    this.wrong.push(`${this.chapterTitle}: ${line}`);
    this.print(`  ${paint('red', `✘ ${line}`)}`);
  }
}

/** A member of a JSON answer; undefined where there is none. */
export function memberOf({ body }: HttpAnswer, member: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[member] : undefined;
}

function said(value: unknown): string {
  return typeof value === 'object' && value !== null ? prettyJson(value).replace(/\s+/g, ' ') : prettyJson(value);
}
