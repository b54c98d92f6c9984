import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { OutgoingRules } from '@tessera/resource-model';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Outgoing } from '../http/outgoing.js';
import { FakeClock } from '../running-server.spec.fixture.js';
import type { ResolvedOptions } from '../token-server.options.js';
import { ClientKeys } from './client-keys.js';

const jwkOf = async (alg: string, more: Partial<JWK>) => {
  const { publicKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(publicKey)), ...more };
};

describe('The keys of a client', () => {
  let server: Server;
  let jwksUri: string;
  let fetches: number;
  let answer: (response: ServerResponse) => void;
  let clock: FakeClock;
  let keys: ClientKeys;
  let [signing, other, rsa, forEncryption]: JWK[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    [signing, other, rsa, forEncryption] = await Promise.all([
      jwkOf('ES256', { kid: 'signing' }),
      jwkOf('ES256', { kid: 'other' }),
      jwkOf('RS256', { kid: 'rsa' }),
      jwkOf('ECDH-ES', { kid: 'encryption', use: 'enc' }),
    ]);
    server = createServer((_request, response) => {
      fetches++;
      answer(response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const publish =
    (published: unknown, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      response.writeHead(200, headers).end(JSON.stringify({ keys: published }));
  const keysUnder = (rules: Partial<OutgoingRules>) =>
    new ClientKeys(new Outgoing({ outgoing: new OutgoingRules(rules) } as ResolvedOptions), clock);

  beforeEach(() => {
    fetches = 0;
    answer = publish([signing, rsa]);
    clock = new FakeClock();
    keys = keysUnder({ allowPrivateAddresses: true, allowHttp: true, timeout: 30 });
  });

  const candidates = async (kid?: string, alg = 'ES256', holder: object = { jwksUri }) =>
    (await keys.candidates(holder, { alg, kid })).length;
  const refusal = (kid?: string, alg?: string, holder?: object) =>
    candidates(kid, alg, holder).then(
      () => 'there is one',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  describe('that it holds itself', () => {
    const held = () => ({ jwks: { keys: [signing!, other!, rsa!, forEncryption!] } });

    it('are found by kid and alg; without kid, all that fit', async () => {
      expect(await candidates('signing', 'ES256', held())).toBe(1);
      expect(await candidates(undefined, 'ES256', held())).toBe(2);
      expect(await candidates('rsa', 'PS512', held())).toBe(1);
    });

    it('are read once, also where the client comes out of its store as another object each time', async () => {
      const header = { alg: 'ES256', kid: 'signing' };
      const [first] = await keys.candidates(held(), header);
      expect((await keys.candidates(held(), header))[0]).toBe(first);
      expect((await keys.candidates({ jwks: { keys: [{ ...other, kid: 'signing' }] } }, header))[0]).not.toBe(first);
    });

    it('may have no kid', async () => {
      const { kid: _kid, ...nameless } = signing!;
      expect(await candidates('whatever', 'ES256', { jwks: { keys: [nameless] } })).toBe(1);
    });

    it('are told to be missing in clear words', async () => {
      expect(await refusal('rsa', 'ES256', held())).toBe(
        'KeyUnavailableError: no key "rsa" fits ES256; there are: signing EC P-256, other EC P-256, rsa RSA, encryption EC P-256 enc',
      );
      expect(await refusal('x', 'none', held())).toMatch('"none" is no algorithm');
      expect(await refusal('x', 'ES256', { jwks: { keys: [] } })).toMatch('there are no keys');
      expect(await refusal('x', 'ES256', {})).toMatch('neither jwks nor jwksUri');
    });

    it('verify nothing where they are for encryption, weak or symmetric', async () => {
      const weak = { kty: 'RSA', n: Buffer.alloc(128, 0xc1).toString('base64url'), e: 'AQAB' };
      const secret = { kty: 'oct', k: 'c2VjcmV0' };
      for (const key of [forEncryption!, weak, secret, { kty: 'EC' }]) {
        expect(await refusal(undefined, key.kty === 'RSA' ? 'RS256' : 'ES256', { jwks: { keys: [key] } })).toMatch(
          /^KeyUnavailableError: no key/,
        );
      }
    });

    it('encrypt where they may, those first that are for it', async () => {
      expect(await keys.encryptionKey(held(), 'ECDH-ES+A256KW')).toMatchObject({ kid: 'encryption' });
      expect(await keys.encryptionKey(held(), 'RSA-OAEP-256')).toMatchObject({ kid: 'rsa' });
      await expect(keys.encryptionKey({ jwks: { keys: [signing!] } }, 'RSA-OAEP')).rejects.toThrow('no key fits');
    });
  });

  describe('that a client publishes whom nobody configured', () => {
    const clientId = `dyn_${'x'.repeat(22)}`;
    const stranger = (path: string, id = clientId) => ({ clientId: id, jwksUri: `${jwksUri}/${path}` });
    const flood = async (count: number, name = 'flood', id = clientId) => {
      for (let index = 0; index < count; index++) await refusal('signing', 'ES256', stranger(`${name}${index}`, id));
    };

    it('are fetched from one host so many times in a minute and not more: the server floods nobody', async () => {
      await flood(30);
      expect(fetches).toBe(20);
      expect(await refusal('signing', 'ES256', stranger('next'))).toMatch(/too many requests within a minute/);
      clock.advance(60);
      expect(await candidates('signing', 'ES256', stranger('next'))).toBe(1);
    });

    it('are fetched so many times in all, whatever the hosts; also of clients that a document describes', async () => {
      // Refused as addresses of a network inside, without waiting: what counts is how many are tried.
      keys = keysUnder({ allowHttp: true });
      for (let index = 0; index < 130; index++) {
        const holder = {
          clientId: `https://app${index}.example.com/client.json`,
          jwksUri: `http://10.0.${index}.1/keys`,
        };
        const told = await refusal('signing', 'ES256', holder);
        expect(told.includes('too many requests')).toBe(index >= 120);
      }
    });

    it('are still fetched anew while newcomers use up what they may: nobody is starved', async () => {
      await candidates('signing', 'ES256', stranger('known'));
      await flood(30);
      answer = publish([other]);
      clock.advance(30);
      expect(await candidates('other', 'ES256', stranger('known'))).toBe(1);
    });

    it('take nothing from configured clients, neither requests nor room', async () => {
      await candidates();
      await flood(30);
      expect(await candidates('signing', 'ES256', { clientId: 'bank', jwksUri: `${jwksUri}/bank` })).toBe(1);
      for (let index = 0; index < 1100; index++) await refusal('signing', 'ES256', stranger(`more${index}`));
      const before = fetches;
      await candidates();
      expect(fetches).toBe(before);
    });

    it('have an end also where each is asked for after the one before was forgotten', async () => {
      for (let round = 0; round < 2; round++) await flood(1100, 'round');
      expect(fetches).toBe(20);
    });
  });

  describe('that it publishes', () => {
    it('are fetched once for all who ask at the same time, and then kept', async () => {
      await Promise.all(Array.from({ length: 20 }, () => candidates('signing')));
      await candidates('rsa', 'RS256');
      clock.advance(599);
      await candidates();
      expect(fetches).toBe(1);
      clock.advance(1);
      await candidates();
      expect(fetches).toBe(2);
    });

    it.each([
      ['max-age=3600', 3600],
      ['public, max-age="120"', 120],
      ['max-age=1', 60],
      ['no-store', 60],
      ['max-age=999999999', 86_400],
      ['private', 600],
    ])('are kept as Cache-Control says, within bounds: %s', async (control, lifetime) => {
      answer = publish([signing], { 'cache-control': control });
      await candidates();
      clock.advance(lifetime - 1);
      await candidates();
      expect(fetches).toBe(1);
      clock.advance(1);
      await candidates();
      expect(fetches).toBe(2);
    });

    it('are fetched anew at once for a kid that is not among them, but not more often than every 30 seconds', async () => {
      await candidates('signing');
      answer = publish([signing, other]);
      expect(await candidates('other')).toBe(1);
      expect(fetches).toBe(2);
      clock.advance(29);
      for (let index = 0; index < 50; index++) await refusal(`flood ${index}`);
      expect(fetches).toBe(2);
      clock.advance(1);
      await Promise.all(Array.from({ length: 50 }, (_, index) => refusal(`parallel flood ${index}`)));
      expect(fetches).toBe(3);
    });

    it('may be changed the moment after they were fetched: the new one works, as soon as it is published', async () => {
      await candidates('signing');
      answer = publish([other]);
      expect(await candidates('other')).toBe(1);
      expect(await refusal('signing')).toMatch('there are: other');
      expect(fetches).toBe(2);
    });

    it('keep those who ask for a known key from waiting for one that is fetched for others', async () => {
      await candidates('signing');
      clock.advance(30);
      let release = () => {};
      answer = (response) => void (release = () => publish([signing])(response));
      const unknown = refusal('unknown');
      expect(await candidates('signing')).toBe(1);
      while (fetches < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      release();
      expect(await unknown).toMatch('no key "unknown"');
    });

    it('stay for a day where the address is away, and it is asked anew every 30 seconds', async () => {
      await candidates('signing');
      answer = (response) => response.writeHead(503).end();
      clock.advance(600);
      expect([await candidates('signing'), await candidates('signing')]).toEqual([1, 1]);
      expect(fetches).toBe(2);
      clock.advance(30);
      await candidates('signing');
      expect(fetches).toBe(3);
      clock.advance(86_400);
      expect(await refusal('signing')).toMatch('could not be fetched: the answer is 503');
    });

    it('are gone as soon as the address publishes others', async () => {
      await candidates('signing');
      answer = publish([other]);
      clock.advance(600);
      expect(await refusal('signing')).toMatch('there are: other');
    });

    it.each<[string, (response: ServerResponse) => void, string]>([
      ['a redirect', (r) => r.writeHead(302, { location: '/elsewhere' }).end(), 'the answer is 302, and only 200 is taken'],
      ['no JSON', (r) => r.end('<html>'), 'the answer is not JSON'],
      ['no key set', (r) => r.end('[]'), 'must be a JWK Set'],
      ['a private key', (r) => publish([{ kty: 'EC', d: 'x' }])(r), 'must hold public keys only'],
      ['too many keys', (r) => publish(Array(51).fill({ kty: 'EC' }))(r), 'not hold more than 50'],
      ['too long an answer', (r) => publish([{ kty: 'x'.repeat(70_000) }])(r), 'longer than 65536 bytes'],
    ])('are refused, and told why, where there is %s', async (_what, bad, words) => {
      answer = bad;
      expect(await refusal('signing')).toMatch(`KeyUnavailableError: the keys at ${jwksUri} could not be fetched`);
      expect(await refusal('signing')).toMatch(words);
      expect(fetches).toBe(1);
    }); // prettier-ignore

    it('are not fetched from this machine, nor without TLS, unless the server allows that', async () => {
      keys = keysUnder({});
      expect(await refusal()).toMatch('only https is');
      keys = keysUnder({ allowHttp: true });
      expect(await refusal()).toMatch('private or special-purpose');
      expect(fetches).toBe(0);
    });

    it('are refused where the answer takes too long', async () => {
      keys = keysUnder({ allowPrivateAddresses: true, allowHttp: true, timeout: 1 });
      answer = () => {};
      expect(await refusal('signing')).toMatch('no answer within 1 s');
    });
  });
});
