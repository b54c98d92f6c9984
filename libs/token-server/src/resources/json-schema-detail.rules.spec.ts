import { describe, expect, it } from '@jest/globals';
import { AuthorizationDetailType, type DetailSchema } from '@tessera/resource-model';
import { JsonSchemaDetailRules } from './json-schema-detail.rules.js';

const rules = new JsonSchemaDetailRules();
const faultIn = (schema: DetailSchema, members: object) =>
  rules.faultOf(new AuthorizationDetailType({ type: 't', schema }), { type: 't', ...members });

describe('An authorization detail', () => {
  const amount = { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] };

  it('that its schema lets through has no fault', () => {
    expect(faultIn({ properties: { amount } }, { amount: { value: '1' } })).toBeUndefined();
    expect(faultIn({}, {})).toBeUndefined();
  });

  it('is refused with a member of the wrong kind, without repeating its value', () => {
    expect(faultIn({ properties: { amount } }, { amount: { value: 4711 } })).toBe('amount.value must be string');
  });

  it('is refused without a member that is required', () => {
    expect(faultIn({ properties: { amount } }, { amount: {} })).toBe("amount must have required property 'value'");
  });

  it.each<[string, DetailSchema, object]>([
    ['at the top', { properties: { amount } }, { extra: 1 }],
    ['of a type that has none', {}, { extra: 1 }],
    ['in a member', { properties: { amount } }, { amount: { value: '1', extra: 1 } }],
    ['in a list', { properties: { list: { type: 'array', items: amount } } }, { list: [{ value: '1', extra: 1 }] }],
    [
      'behind a reference',
      { properties: { amount: { $ref: '#/$defs/amount' } }, $defs: { amount } },
      { amount: { value: '1', extra: 1 } },
    ],
    ['beside composed schemas', { allOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }, { a: 1, extra: 1 }],
  ])('is refused with a member that its schema does not name, %s (RFC 9396 §5)', (_where, schema, members) => {
    expect(faultIn(schema, members)).toMatch(/has no member 'extra'$/);
  });

  it('may have the members of all schemas that its own is composed of', () => {
    const schema = { allOf: [{ properties: { a: {} } }, { properties: { b: {} } }] };
    expect(faultIn(schema, { a: 1, b: 2 })).toBeUndefined();
  });

  it('may have other members where its schema says so itself', () => {
    expect(faultIn({ additionalProperties: { type: 'string' } }, { extra: 'text' })).toBeUndefined();
    expect(faultIn({ additionalProperties: { type: 'string' } }, { extra: 1 })).toBe('extra must be string');
  });

  it('asked for again lies within an equal one, however its members are ordered, and within no other', () => {
    const type = new AuthorizationDetailType({ type: 't', schema: {} });
    const granted = { type: 't', a: [1, { b: 2, c: 3 }] };
    expect(rules.isWithin(type, { a: [1, { c: 3, b: 2 }], type: 't' }, granted)).toBe(true);
    for (const asked of [{ type: 't' }, { type: 't', a: [1] }, { type: 't', a: [1, { b: 2, c: '3' }] }]) {
      expect(rules.isWithin(type, asked, granted)).toBe(false);
    }
  });
});
