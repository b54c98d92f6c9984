import { beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, SignJWT } from 'jose';
import { DpopHolder, type ProofChanges } from '../../libs/token-server/src/possession/dpop-holder.spec.fixture.js';
import type { Answer } from '../requests.js';
import { signingBy } from './fapi-authentication.rules.js';
import { clientsOf, type FapiClient, s256 } from './fapi-client.js';
import { expectError, type FapiPlan } from './fapi-plan.js';
import { fapiVariants } from './fapi-provider.js';

/** The modules about DPoP. In brackets: RFC 9449 where nothing else is said; and the module. */
export function dpopRules({ provider, first }: FapiPlan): void {
  const now = () => provider().clock.now();
  const other = () => new DpopHolder(now);

  describe('a proof at the resource (dpop-negative-tests)', () => {
    let client: FapiClient;
    let token: string;
    beforeAll(async () => {
      client = first();
      token = (await client.tokens()).body.access_token as string;
    });
    const refused = ({ status, headers }: Answer) => {
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^DPoP |, DPoP /);
    };
    const userinfo = () => `${provider().server.url}/connect/userinfo`;
    const send = (proof: ProofChanges) => client.resource(token, { proof });

    test.each<[string, () => ProofChanges]>([
      ['with nbf and exp (§4.2; check-dpop-proof-nbf-exp)', () => ({ claims: { nbf: now(), exp: now() + 300 } })],
      ['made 10 seconds ago (§4.3-11; ensure-dpop-proof-with-iat-10seconds-before-succeeds)', () => ({ claims: { iat: now() - 10 } })],
      ['made 10 seconds ahead (FAPI 2.0 Security Profile §5.3.2.1-13; ensure-dpop-proof-with-iat-10seconds-after-succeeds)', () => ({ claims: { iat: now() + 10 } })],
      ['whose htu has a query and a fragment (§4.3-9)', () => ({ claims: { htu: `${userinfo()}?a=b#c` } })],
      ['whose htu is written in capitals (RFC 3986 §6.2.2)', () => ({ claims: { htu: userinfo().replace('https', 'HTTPS') } })],
      ['that says more than is needed (§4.2)', () => ({ header: { extra: 1 }, claims: { extra: 2 } })],
    ])('%s is taken', async (_what, changes) => {
      expect((await send(changes())).status).toBe(200);
    }); // prettier-ignore

    test.each<[string, () => ProofChanges]>([
      ['without typ (§4.3-4)', () => ({ header: { typ: undefined } })],
      ['of another typ (§4.3-4)', () => ({ header: { typ: 'JWT' } })],
      ['without alg (§4.3-3)', () => ({ header: { alg: undefined } })],
      ['without signature: alg none (§4.3-5)', () => ({ header: { alg: 'none' } })],
      ['without jwk (§4.3-3)', () => ({ header: { jwk: undefined } })],
      ['with a private key (§4.3-7)', () => ({ header: { jwk: client.holder.privateKey.export({ format: 'jwk' }) } })],
      ['without jti (§4.3-3)', () => ({ claims: { jti: undefined } })],
      ['without htm (§4.3-3)', () => ({ claims: { htm: undefined } })],
      ['without htu (§4.3-3)', () => ({ claims: { htu: undefined } })],
      ['without iat (§4.3-3)', () => ({ claims: { iat: undefined } })],
      ['without ath (§4.3-12)', () => ({ claims: { ath: undefined } })],
      ['for another method (§4.3-8)', () => ({ claims: { htm: 'PUT' } })],
      ['for another address (§4.3-9)', () => ({ claims: { htu: 'https://other.example/connect/userinfo' } })],
      ['for another token (§4.3-12)', () => ({ claims: { ath: s256('another') } })],
      ['made an hour ago (§4.3-11)', () => ({ claims: { iat: now() - 3600 } })],
      ['made in an hour (§4.3-11)', () => ({ claims: { iat: now() + 3600 } })],
      ['made 61 seconds ahead (FAPI 2.0 Security Profile §5.3.2.1-13)', () => ({ claims: { iat: now() + 61 } })],
    ])('%s is refused', async (_what, changes) => {
      refused(await send(changes()));
    }); // prettier-ignore

    test.each<[string, () => string]>([
      ['that is no JWT (§4.3-2)', () => 'no proof'],
      ['whose signature was changed (§4.3-6)', () => changed(client.proof('connect/userinfo', { token }, 'GET'))],
      ['beside another (§4.3-1)', () => [1, 2].map(() => client.proof('connect/userinfo', { token }, 'GET')).join(', ')],
      ['of another key (§4.3-12)', () => other().proof('GET', userinfo(), { token })],
    ])('%s is refused', async (_what, proof) => {
      refused(await client.resource(token, { dpop: proof() }));
    }); // prettier-ignore

    test('used again is refused (§11.1)', async () => {
      const dpop = client.proof('connect/userinfo', { token }, 'GET');
      expect((await client.resource(token, { dpop })).status).toBe(200);
      refused(await client.resource(token, { dpop }));
    });

    test('that is missing: the token is refused, as Bearer too (§7.1, §7.2)', async () => {
      refused(await client.resource(token, { dpop: null }));
      refused(await client.resource(token, { dpop: null }, 'Bearer'));
    });

    test('and after all of that a good one is taken', async () => {
      expect((await send({})).status).toBe(200);
    });
  });

  describe('a proof at the token endpoint', () => {
    test.each<[string, () => ProofChanges]>([
      ['for another method (§4.3-8)', () => ({ claims: { htm: 'GET' } })],
      ['for another address (§4.3-9)', () => ({ claims: { htu: `${provider().server.url}/connect/userinfo` } })],
      ['made an hour ago (§4.3-11)', () => ({ claims: { iat: now() - 3600 } })],
      ['made 61 seconds ahead (FAPI 2.0 Security Profile §5.3.2.1-13)', () => ({ claims: { iat: now() + 61 } })],
      ['without signature: alg none (§4.3-5)', () => ({ header: { alg: 'none' } })],
    ])('%s is refused', async (_what, changes) => {
      const { code } = await first().authorize();
      expectError(await first().redeem(code, {}, { proof: changes() }), 'invalid_dpop_proof');
    });

    test.each(['RS256', 'PS384'])('signed with %s is refused (FAPI 2.0 Security Profile §5.4.1-1)', async (alg) => {
      const rsa = clientsOf(provider(), fapiVariants[0]!)[1].credentials.key;
      const { privateKey } = await signingBy(alg, rsa);
      const { kty, n, e } = await exportJWK(privateKey);
      const htu = `${provider().server.url}/connect/token`;
      const dpop = await new SignJWT({ jti: alg, htm: 'POST', htu, iat: now() })
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: { kty: kty!, n: n!, e: e! } })
        .sign(privateKey);
      const { code } = await first().authorize();
      expectError(await first().redeem(code, {}, { dpop }), 'invalid_dpop_proof');
    });
  });

  describe('a code (FAPI 2.0 Security Profile §5.3.2.1-12)', () => {
    test.each<[string, (client: FapiClient) => [Record<string, string>, ProofChanges | undefined]]>([
      ['dpop_jkt (§10; ensure-dpop-auth-code-binding-success)', ({ holder }) => [{ dpop_jkt: holder.thumbprint }, undefined]],
      ['a proof with the pushed request (§10.1; ensure-dpop-proof-at-par-endpoint-binding-success)', () => [{}, {}]],
      ['both (§10.1)', ({ holder }) => [{ dpop_jkt: holder.thumbprint }, {}]],
    ])('bound to a key by %s is redeemed with it', async (_how, by) => {
      const client = first();
      const [changes, proof] = by(client);
      expect((await client.redeem((await client.authorize(changes, { proof })).code)).status).toBe(200);
    }); // prettier-ignore

    test.each<[string, (client: FapiClient) => [Record<string, string>, ProofChanges | undefined]]>([
      ['dpop_jkt (§10; ensure-token-endpoint-fails-with-mismatched-dpop-jkt)', ({ holder }) => [{ dpop_jkt: holder.thumbprint }, undefined]],
      ['a proof with the pushed request (§10.1; ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt)', () => [{}, {}]],
    ])('bound to a key by %s is not redeemed with another', async (_how, by) => {
      const client = first();
      const { code } = await client.authorize(...withProof(by(client)));
      const dpop = other().proof('POST', `${provider().server.url}/connect/token`);
      expectError(await client.redeem(code, {}, { dpop }), 'invalid_request', 'invalid_grant', 'invalid_dpop_proof');
    }); // prettier-ignore

    test('is not given where dpop_jkt is not of the key of the proof (§10.1; ensure-mismatched-dpop-jkt-fails)', async () => {
      const request = first().request({ dpop_jkt: other().thumbprint });
      expectError(await first().push(request, { proof: {} }), 'invalid_request', 'invalid_dpop_proof');
    });
  });
}

function withProof([changes, proof]: [Record<string, string>, ProofChanges | undefined]) {
  return [changes, { proof }] as const;
}

/** The first character of the signature stands for six whole bits. */
function changed(proof: string): string {
  const at = proof.lastIndexOf('.') + 1;
  return `${proof.slice(0, at)}${proof[at] === 'A' ? 'B' : 'A'}${proof.slice(at + 1)}`;
}
