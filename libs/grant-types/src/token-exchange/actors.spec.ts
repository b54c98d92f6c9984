import { describe, expect, it } from '@jest/globals';
import { Client } from '@tessera/resource-model';
import type { Actor } from '../authorization.js';
import { actorOf } from './actors.js';
import type { ExchangeableToken } from './exchangeable-tokens.js';

const client = new Client({ clientId: 'gateway', allowedGrantTypes: ['any'] });
const person = (subject: string) => ({ subject, authentication: { time: 1, methods: [] } });
const about = (subject: string, more: Partial<ExchangeableToken> = {}): ExchangeableToken => ({
  person: person(subject),
  clientId: 'app',
  scopes: [],
  expiresAt: 1,
  ...more,
});
const chainOf = (length: number): Actor | undefined =>
  length === 0 ? undefined : { sub: `actor ${length}`, actor: chainOf(length - 1) };

describe('Who acts by a token that comes of an exchange (RFC 8693 §4.1)', () => {
  it('is the client, before those who acted already', () => {
    expect(actorOf({ client, subject: about('alice') }, false)).toEqual({ sub: 'gateway' });
    const subject = about('alice', { actor: chainOf(2) });
    expect(actorOf({ client, subject }, false)).toEqual({ sub: 'gateway', actor: chainOf(2) });
  });

  it('is the person or the client of the actor token', () => {
    const subject = about('alice');
    expect(actorOf({ client, subject, actor: about('bob') }, false)).toEqual({ sub: 'bob', isPerson: true });
    const robot = { clientId: 'robot', scopes: [], expiresAt: 1 };
    expect(actorOf({ client, subject, actor: robot }, true)).toEqual({ sub: 'robot' });
  });

  it('is nobody new by impersonation, nor where a client has its own token narrowed', () => {
    for (const actor of [undefined, chainOf(1)]) {
      expect(actorOf({ client, subject: about('alice', { actor }) }, true)).toEqual(actor);
      expect(actorOf({ client, subject: about('alice', { actor, clientId: 'gateway' }) }, false)).toEqual(actor);
    }
  });

  it('is nobody for whom another acts', () => {
    const acting = about('bob', { actor: { sub: 'robot' } });
    expect(() => actorOf({ client, subject: about('alice'), actor: acting }, false)).toThrow(/actor_token/);
  });

  it('is the fifth at the most, by impersonation as well', () => {
    const of = (length: number, impersonation: boolean) => () =>
      actorOf({ client, subject: about('alice', { actor: chainOf(length) }) }, impersonation);
    expect(of(4, false)).not.toThrow();
    expect(of(5, false)).toThrow(/at most 5/);
    expect(of(5, true)).not.toThrow();
    expect(of(6, true)).toThrow(/at most 5/);
  });

  it('RFC 8693 §4.4: is whom the subject token names, where it names somebody', () => {
    const naming = (sub: string | undefined) => about('alice', { mayAct: { sub } });
    expect(actorOf({ client, subject: naming('gateway') }, false)).toEqual({ sub: 'gateway' });
    expect(actorOf({ client, subject: naming('bob'), actor: about('bob') }, false)).toMatchObject({ sub: 'bob' });
    for (const impersonation of [true, false]) {
      expect(() => actorOf({ client, subject: naming('robot') }, impersonation)).toThrow(/may_act/);
      expect(() => actorOf({ client, subject: naming(undefined) }, impersonation)).toThrow(/may_act/);
      expect(() => actorOf({ client, subject: naming('gateway'), actor: about('bob') }, impersonation)).toThrow(
        /may_act/,
      );
    }
  });
});
