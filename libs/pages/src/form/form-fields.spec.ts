import { describe, expect, it } from '@jest/globals';
import { textOf, textsOf } from './form-fields.js';

describe('A field of a form', () => {
  it.each([
    [{ a: 'b' }, 'b'],
    [{ a: '' }, undefined],
    [{ a: ['b', 'c'] }, undefined],
    [{ a: { b: 'c' } }, undefined],
    [{}, undefined],
    [undefined, undefined],
    [null, undefined],
    ['a=b', undefined],
  ])('is read from %j as %j', (source, value) => expect(textOf(source, 'a')).toBe(value));

  it('is never something that every object has', () => {
    expect(textOf({}, 'constructor')).toBeUndefined();
    expect(textsOf({}, '__proto__')).toEqual([]);
  });

  it.each([
    [{ a: 'b' }, ['b']],
    [{ a: ['b', '', 'c', { d: 'e' }] }, ['b', 'c']],
    [{}, []],
    [undefined, []],
  ])('that may come several times is read from %j as %j', (source, values) => {
    expect(textsOf(source, 'a')).toEqual(values);
  });
});
