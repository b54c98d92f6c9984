export type { BadTokens, MakeBadToken } from './bad-tokens.js';
export type { DpopHolder, ProofOptions } from './dpop-holder.js';
export { FakeIssuer, type FakeIssuerOptions } from './fake-issuer.js';
export type { IssuerEndpoint } from './issuer-endpoints.js';
export { signedInAs } from './signed-in-as.js';
export { TestCaller } from './test-caller.js';
export { TestIssuer, type TestIssuerOptions } from './test-issuer.js';
export type { MintOptions, TokenClaims } from './token-mint.js';
export { trustTestIssuer } from './trust-test-issuer.js';
