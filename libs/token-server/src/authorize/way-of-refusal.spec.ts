import { describe, expect, it } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { wayOfRefusal } from './way-of-refusal.js';

const object = (claims: object) => new UnsecuredJWT({ ...claims }).encode();

describe('A refusal is told', () => {
  it('where the answer would have been: in the query for a code, in the fragment for a token', () => {
    expect(wayOfRefusal({ response_type: 'code' }).responseMode).toBe('query');
    expect(wayOfRefusal({ response_type: 'code id_token' }).responseMode).toBe('fragment');
    expect(wayOfRefusal({ response_type: 'what' }).responseMode).toBe('query');
  });

  it('in the response_mode asked for, if there is one of that name and it may carry such an answer', () => {
    expect(wayOfRefusal({ response_type: 'code', response_mode: 'form_post' }).responseMode).toBe('form_post');
    expect(wayOfRefusal({ response_type: 'id_token', response_mode: 'query' }).responseMode).toBe('fragment');
    expect(wayOfRefusal({ response_type: 'code', response_mode: 'what' }).responseMode).toBe('query');
  });

  it('with the state, unless that came twice or is longer than any client has use for', () => {
    expect(wayOfRefusal({ state: 'a state' }).state).toBe('a state');
    for (const state of ['', ['a', 'b'], 'x'.repeat(4097)]) expect(wayOfRefusal({ state }).state).toBeUndefined();
  });

  it('as the request object says that is refused, where the request itself says nothing (OpenID Connect Core §6.1)', () => {
    const request = object({ state: 'inside', response_mode: 'form_post', response_type: 'code' });
    expect(wayOfRefusal({ request })).toEqual({ state: 'inside', responseMode: 'form_post' });
    expect(wayOfRefusal({ request, state: 'outside' }).state).toBe('outside');
  });

  it('without what is no request object, or says what is no text', () => {
    const odd = object({ state: { toString: 'no' }, response_mode: 7 });
    for (const request of ['x', 'a.b.c', 'a.b.c.d.e', ['a', 'b'], odd, object({ state: 'x'.repeat(20_000) })]) {
      expect(wayOfRefusal({ request, response_type: 'code' })).toEqual({ state: undefined, responseMode: 'query' });
    }
  });
});
