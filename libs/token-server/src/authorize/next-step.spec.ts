import { describe, expect, it, test } from '@jest/globals';
import {
  AuthenticationLevel,
  AuthenticationLevels,
  Client,
  type InteractionAnswers,
  type Session,
} from '@tessera/resource-model';
import type { AuthorizeRequest, Prompt } from './authorize-request.js';
import { nextStep } from './next-step.js';

const now = 1_000_000;
const aMinuteAgo = {
  id: 's1',
  subject: 'alice',
  authentication: { time: now - 60, methods: ['pwd'] },
} as unknown as Session;
const levels = new AuthenticationLevels([
  new AuthenticationLevel({ acr: 'basic', ways: [['pwd']] }),
  new AuthenticationLevel({ acr: 'strong', ways: [['pwd', 'otp']] }),
]);
const bySomebodyElse = { ...aMinuteAgo, identityProvider: 'corporate' };

interface Case {
  readonly prompts?: readonly Prompt[];
  readonly request?: Partial<AuthorizeRequest>;
  readonly client?: Partial<Client>;
  readonly session?: Session | null;
  readonly answers?: InteractionAnswers;
  readonly needsConsent?: boolean;
}

function stepOf({ prompts = [], request = {}, client = {}, session = aMinuteAgo, answers = {}, ...rest }: Case) {
  const { needsConsent = false } = rest;
  const asking = new Client({ clientId: 'app', allowedGrantTypes: ['authorization_code'], ...client });
  const complete = {
    client: asking,
    subjects: [],
    contextClasses: [],
    mustReachContextClass: false,
    prompts: new Set(prompts),
    ...request,
  } as unknown as AuthorizeRequest;
  return nextStep({ request: complete, session: session ?? undefined, answers, needsConsent, levels, now });
}

describe('The next step of an authorize request', () => {
  test.each<[string, Case, string]>([
    ['nobody is signed in', { session: null }, 'signIn'],
    ['somebody is', {}, 'proceed'],
    ['somebody is, and has to agree', { needsConsent: true }, 'consent'],
    ['the sign-in is asked for', { prompts: ['login'] }, 'signIn'],
    ['the sign-in is as old as it may be', { request: { maxAge: 60 } }, 'proceed'],
    ['the sign-in is older', { request: { maxAge: 59 } }, 'signIn'],
    ['any sign-in from before is too old', { request: { maxAge: 0 } }, 'signIn'],
    ['the client takes no sign-in that old', { client: { userSsoLifetime: 59 } }, 'signIn'],
    ['somebody else is wanted', { request: { subjects: ['bob'] } }, 'signIn'],
    ['two different people are wanted', { request: { subjects: ['alice', 'bob'] } }, 'signIn'],
    ['a level is asked for that was reached', { request: { contextClasses: ['strong', 'basic'] } }, 'proceed'],
    ['a higher level is asked for', { request: { contextClasses: ['strong'] } }, 'signIn'],
    [
      'one is asked for, and nobody can be asked',
      { request: { contextClasses: ['strong'] }, prompts: ['none'] },
      'proceed',
    ],
    [
      'one is insisted on, and nobody can be asked',
      { request: { contextClasses: ['strong'], mustReachContextClass: true }, prompts: ['none'] },
      'signIn',
    ],
    ['a choice is asked for', { prompts: ['select_account'] }, 'chooseAccount'],
    ['an account is asked for', { prompts: ['create'] }, 'createAccount'],
    ['an account is asked for, and nobody is signed in', { prompts: ['create'], session: null }, 'createAccount'],
    ['the client takes no passwords', { client: { enableLocalLogin: false } }, 'signIn'],
    ['it takes those of another provider', { client: { enableLocalLogin: false }, session: bySomebodyElse }, 'proceed'],
    ['but not this one', { client: { identityProviderRestrictions: ['other'] }, session: bySomebodyElse }, 'signIn'],
  ])('when %s', (_when, given, step) => expect(stepOf(given)).toBe(step));

  describe('after the sign-in for this very request', () => {
    const answers = { signedIn: { sessionId: 's1', at: now } };
    test.each<[string, Case, string]>([
      ['no other is asked for', { prompts: ['login'] }, 'proceed'],
      ['it is recent enough for any age', { request: { maxAge: 0 } }, 'proceed'],
      ['the account is chosen', { prompts: ['select_account'] }, 'proceed'],
      ['the account is made', { prompts: ['create'] }, 'proceed'],
      ['the person still has to agree', { prompts: ['login'], needsConsent: true }, 'consent'],
      [
        'it is all that can be had of a level that was wished for',
        { request: { contextClasses: ['strong'] } },
        'proceed',
      ],
      ['it must be who is wanted', { request: { subjects: ['bob'] } }, 'signIn'],
      ['it must be a way the client takes', { client: { enableLocalLogin: false } }, 'signIn'],
    ])('%s', (_what, given, step) => expect(stepOf({ ...given, answers })).toBe(step));
  });

  it('does not count what was answered in a session that has ended since', () => {
    const answers = { signedIn: { sessionId: 's0', at: now }, chosen: { sessionId: 's0' } };
    expect(stepOf({ prompts: ['login'], answers })).toBe('signIn');
    expect(stepOf({ prompts: ['select_account'], answers })).toBe('chooseAccount');
    expect(stepOf({ prompts: ['select_account'], answers: { chosen: { sessionId: 's1' } } })).toBe('proceed');
  });
});
