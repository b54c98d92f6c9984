export { CallerAuthenticator } from './clients/caller-authenticator.js';
export { ClientAuthenticator } from './clients/client-authenticator.js';
export { OAuthErrorFilter } from './http/oauth-error.filter.js';
export { notesOf, type RequestNotes } from './http/request-notes.js';
export { FileSigningKeyStore } from './keys/file-signing-key.store.js';
export { generateSigningKey } from './keys/generate-signing-key.js';
export { KeyRing } from './keys/key-ring.js';
export { resolveOptions } from './resolve-options.js';
export * from './token-server.module.js';
export * from './token-server.options.js';
export { builtInGrantTypes } from './token-server.providers.js';
export { AccessTokenReader, type AccessTokenClaims, type ReadAccessToken } from './tokens/access-token.reader.js';
export { TokenIssuer } from './tokens/token-issuer.js';
export type { TokenSet } from './tokens/token-set.js';
// What an application writes its configuration and its grants with, so that it needs this one package.
export * from '@tessera/grant-types';
export { GrantTypes, OAuthError, Parameter, Scopes, type SigningAlgorithm } from '@tessera/protocol';
export * from '@tessera/resource-model';
