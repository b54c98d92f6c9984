export * from './reference-token-store.contract.js';
export * from './refresh-token-store.contract.js';
export * from './revoked-token-store.contract.js';
export * from './signing-key-store.contract.js';
