import { describe, expect, it } from '@jest/globals';
import { describeError } from './describe-error.js';

describe('describeError', () => {
  it('says names, codes and messages along the causes', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(describeError(new TypeError('fetch failed', { cause: refused }))).toEqual({
      reason: 'TypeError: fetch failed <- Error ECONNREFUSED: connect ECONNREFUSED',
    });
  });

  it('says nothing of what else hangs on an error', () => {
    const error = new Error('wrong', { cause: { access_token: 'secret', message: 'secret' } });
    expect(describeError(Object.assign(error, { body: 'secret' }))).toEqual({ reason: 'Error: wrong' });
  });

  it('does not quote what could not be parsed', () => {
    const parse = () => JSON.parse('secret') as unknown;
    expect(parse).toThrow(/secret/);
    let caught: unknown;
    try {
      parse();
    } catch (error) {
      caught = error;
    }
    expect(describeError(new Error('no JSON', { cause: caught }))).toEqual({ reason: 'Error: no JSON <- SyntaxError' });
  });

  it('says of what is no error only what it is', () => {
    expect(describeError('secret')).toEqual({ reason: 'string' });
  });
});
