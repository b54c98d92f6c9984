import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { describeFault } from './configuration/fault.js';
import { dpopRuleFaults, DpopRules } from './dpop-rules.js';

const faults = (rules: object) => dpopRuleFaults(new DpopRules(rules)).map(describeFault);

describe('The rules for DPoP proofs', () => {
  it('are sound where nothing is said', () => {
    expect(faults({})).toEqual([]);
  });

  it.each([
    [{ algorithms: ['HS256'] }, 'dpop.algorithms'],
    [{ algorithms: ['none'] }, 'dpop.algorithms'],
    [{ algorithms: [] }, 'dpop.algorithms'],
    [{ proofLifetime: 0 }, 'dpop.proofLifetime'],
    [{ clockTolerance: -1 }, 'dpop.clockTolerance'],
    [{ requireNonce: 'yes' }, 'dpop.requireNonce'],
    [{ nonces: true }, 'dpop.nonces: is not a property of DpopRules'],
  ])('refuse %j', (rules, line) => {
    expect(faults(rules)).toEqual([expect.stringContaining(line)]);
  });

  it('refuse a short nonceSecret, and quote it nowhere', () => {
    const [fault, ...more] = dpopRuleFaults(new DpopRules({ nonceSecret: 'not long enough' }));
    expect([fault!.path, more]).toEqual(['dpop.nonceSecret', []]);
    expect(inspect(fault)).not.toContain('not long enough');
    expect(describeFault(fault!)).not.toContain('not long enough');
  });

  it('refuse nonces without a secret, which nodes would not know of each other', () => {
    expect(faults({ requireNonce: true })).toEqual([expect.stringContaining('dpop.nonceSecret')]);
    expect(faults({ requireNonce: true, nonceSecret: 'x'.repeat(32) })).toEqual([]);
  });
});
