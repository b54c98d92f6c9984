import { describe, expect, it } from '@jest/globals';
import { Client, type ClientInit } from '@tessera/resource-model';
import { UnsecuredJWT } from 'jose';
import type { Form } from '../http/decode.js';
import { wayOfRefusal } from './way-of-refusal.js';

const object = (claims: object) => new UnsecuredJWT({ ...claims }).encode();
const way = (form: Form, difference: Partial<ClientInit> = {}) => {
  const client = new Client({ clientId: 'web', allowedGrantTypes: ['hybrid'], ...difference });
  const { responseMode, state } = wayOfRefusal(form, client);
  return { state, mode: responseMode.name };
};

describe('A refusal is told', () => {
  it('where the answer would have been: in the query for a code, in the fragment for a token', () => {
    expect(way({ response_type: 'code' }).mode).toBe('query');
    expect(way({ response_type: 'code id_token' }).mode).toBe('fragment');
    expect(way({ response_type: 'what' }).mode).toBe('query');
  });

  it('in the response_mode asked for, if there is one of that name and it may carry such an answer', () => {
    expect(way({ response_type: 'code', response_mode: 'form_post' }).mode).toBe('form_post');
    expect(way({ response_type: 'id_token', response_mode: 'query' }).mode).toBe('fragment');
    expect(way({ response_type: 'code', response_mode: 'what' }).mode).toBe('query');
  });

  it('in a JWT where the request asks for one, and where the client takes nothing else (JARM §2.3)', () => {
    expect(way({ response_type: 'code', response_mode: 'jwt' }).mode).toBe('query.jwt');
    expect(way({ response_type: 'code token', response_mode: 'jwt' }).mode).toBe('fragment.jwt');
    expect(way({ response_type: 'what', response_mode: 'form_post.jwt' }).mode).toBe('form_post.jwt');
    const required = { requireSignedAuthorizationResponse: true };
    expect(way({ response_type: 'code' }, required).mode).toBe('query.jwt');
    expect(way({ response_type: 'code', response_mode: 'form_post' }, required).mode).toBe('form_post.jwt');
  });

  it('in the fragment where a JWT in the query would have been readable by all (JARM §2.3.1)', () => {
    const asked = { response_type: 'id_token', response_mode: 'query.jwt' };
    expect(way(asked).mode).toBe('fragment.jwt');
    expect(way(asked, { authorizationEncryptedResponseAlg: 'RSA-OAEP-256' }).mode).toBe('query.jwt');
  });

  it('with the state, unless that came twice or is longer than any client has use for', () => {
    expect(way({ state: 'a state' }).state).toBe('a state');
    for (const state of ['', ['a', 'b'], 'x'.repeat(4097)]) expect(way({ state }).state).toBeUndefined();
  });

  it('as the request object says that is refused, where the request itself says nothing (OpenID Connect Core §6.1)', () => {
    const request = object({ state: 'inside', response_mode: 'form_post', response_type: 'code' });
    expect(way({ request })).toEqual({ state: 'inside', mode: 'form_post' });
    expect(way({ request, state: 'outside' }).state).toBe('outside');
  });

  it('without anything that stands beside the request_uri of a pushed request (RFC 9126 §4)', () => {
    const form = { request_uri: 'urn:ietf:params:oauth:request_uri:x', state: 'outside', response_mode: 'form_post' };
    expect(way(form)).toEqual({ state: undefined, mode: 'query' });
  });

  it('without what is no request object, or says what is no text', () => {
    const odd = object({ state: { toString: 'no' }, response_mode: 7 });
    for (const request of ['x', 'a.b.c', 'a.b.c.d.e', ['a', 'b'], odd, object({ state: 'x'.repeat(20_000) })]) {
      expect(way({ request, response_type: 'code' })).toEqual({ state: undefined, mode: 'query' });
    }
  });
});
