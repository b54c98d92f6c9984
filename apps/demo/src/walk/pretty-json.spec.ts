import { describe, expect, it } from '@jest/globals';
import { prettyJson } from './pretty-json.js';

describe('prettyJson', () => {
  it('puts a list of plain values on one line, and members on lines of their own', () => {
    expect(prettyJson({ issuer: 'x', scopes: ['a', 'b'], n: 1, none: null })).toBe(
      '{\n  "issuer": "x",\n  "scopes": ["a", "b"],\n  "n": 1,\n  "none": null\n}',
    );
  });

  it('indents what is nested, under the indent that it is given', () => {
    expect(prettyJson({ keys: [{ kid: 'k' }] }, '  ')).toBe(
      '{\n    "keys": [\n      {\n        "kid": "k"\n      }\n    ]\n  }',
    );
  });

  it('keeps empty things on one line', () => {
    expect(prettyJson({ a: [], b: {} }, '    ')).toBe('{\n      "a": [],\n      "b": {}\n    }');
  });

  it('shortens tokens, and lets nothing steer the terminal', () => {
    expect(prettyJson({ token: 'x'.repeat(70) })).toContain('"xxxxxxxxxxxx…xxxxxx (70 characters)"');
    expect(prettyJson('\u009b2Jx\u0007')).toBe('"x\\u0007"');
  });
});
