import { describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { describeFault, faultsOf } from './configuration/fault.js';
import { keyRuleFaults, KeyRules } from './key-rules.js';

const client = (clientId: string, difference: Partial<Client> = {}) =>
  new Client({ clientId, allowedGrantTypes: ['client_credentials'], ...difference });
const faults = (rules: Partial<KeyRules>, ...clients: Client[]) =>
  keyRuleFaults(new KeyRules(rules), clients).map(describeFault);

describe('The rules for keys', () => {
  it('are sound as they come', () => {
    expect(faultsOf(new KeyRules(), 'keys')).toEqual([]);
    expect(faults({}, client('usual'))).toEqual([]);
  });

  it.each([
    [{ rotationInterval: 60 }, 'keys.rotationInterval: rotationInterval must not be less than 3600'],
    [{ propagationTime: 60 }, 'keys.propagationTime: propagationTime must not be less than 900'],
    [{ retention: 60 }, 'keys.retention: retention must not be less than 420'],
    [{ retention: 1.5 }, 'keys.retention: retention must be a whole number of seconds'],
    [{ automatic: 'no' as never }, 'keys.automatic: automatic must be a boolean value'],
    [{ interval: 1 } as never, 'keys.interval: is not a property of KeyRules'],
  ])('refuse %j', (rules: Partial<KeyRules>, line) => {
    expect(faultsOf(new KeyRules(rules), 'keys').map(describeFault)).toEqual([expect.stringContaining(line)]);
  });

  it('want a key to sign for longer than its successor is announced', () => {
    expect(faults({ rotationInterval: 3600, propagationTime: 3600, retention: 7200 })).toEqual([
      expect.stringMatching(/^keys\.rotationInterval: must be longer than propagationTime, which is 3600: .* Raise it/),
    ]);
  });

  it('want the key to outlive the tokens of every client, and name the client', () => {
    const clients = [
      client('short'),
      client('patient', { accessTokenLifetime: 86_400 }),
      client('slow', { identityTokenLifetime: 90_000 }),
    ];
    expect(faults({ retention: 90_299 }, ...clients)).toEqual([
      "keys.retention: must be at least 90300: tokens of client 'slow' live for 90000 seconds (identityTokenLifetime), and clocks differ. Raise it, or shorten identityTokenLifetime (got 90299)",
    ]);
    expect(faults({ retention: 90_300 }, ...clients)).toEqual([]);
  });

  it('take no notice of tokens that are not signed, of lifetimes that are faults by themselves, and of keys that stay', () => {
    const reference = client('reference', { accessTokenType: 'reference', accessTokenLifetime: 86_400_000 });
    const faulty = client('faulty', { accessTokenLifetime: 'long' as never });
    expect(faults({}, reference, faulty)).toEqual([]);
    expect(faults({ automatic: false, retention: 420 }, client('slow', { accessTokenLifetime: 86_400 }))).toEqual([]);
  });

  it('let the key set grow no longer than clients read it', () => {
    expect(faults({ rotationInterval: 3600, propagationTime: 900, retention: 72_001 })).toEqual([
      expect.stringMatching(/^keys\.retention: must be at most 20 times rotationInterval, which is 3600/),
    ]);
  });
});
