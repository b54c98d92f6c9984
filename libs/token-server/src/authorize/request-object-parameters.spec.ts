import { describe, expect, it } from '@jest/globals';
import { parametersIn } from './request-object-parameters.js';

describe('The parameters in a request object', () => {
  it('are read as a form would bring them: JSON where they are JSON, text where they are text (RFC 9101 §4)', () => {
    const claims = { id_token: { acr: { essential: true } } };
    const form = parametersIn({
      client_id: 'web',
      max_age: 60,
      claims,
      resource: ['https://a.example', 'https://b.example'],
    });
    expect(form).toEqual({
      client_id: 'web',
      max_age: '60',
      claims: JSON.stringify(claims),
      resource: ['https://a.example', 'https://b.example'],
    });
  });

  it('may be text as well where others send numbers and JSON', () => {
    const form = { max_age: '60', claims: '{"userinfo":{}}', resource: 'https://a.example' };
    expect(parametersIn(form)).toEqual(form);
  });

  it('are nothing but parameters: the claims about the object itself, and what nobody knows, stay where they are', () => {
    const inherited = JSON.parse('{"__proto__":{"scope":"admin"},"toString":"x","state":null}') as object;
    expect(parametersIn({ iss: 'web', aud: 'x', exp: 1, jti: 'y', unknown: 'z', ...inherited })).toEqual({});
    expect(parametersIn(JSON.parse('{"__proto__":{"scope":"admin"}}'))).toEqual({});
  });

  it.each([
    ['scope', ['openid']],
    ['redirect_uri', ['https://app.example.com/callback']],
    ['state', { text: 'x' }],
    ['nonce', 7],
    ['max_age', 1.5],
    ['claims', 7],
    ['resource', ['https://a.example', 7]],
    ['prompt', true],
  ])('are refused where %s is %j', (name, value) => {
    expect(() => parametersIn({ [name]: value })).toThrow(name);
  });
});
