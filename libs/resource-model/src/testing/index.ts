export * from './device-authorization-store.contract.js';
export * from './known-device-store.contract.js';
export * from './logout-notice-store.contract.js';
export * from './reference-token-store.contract.js';
export * from './refresh-token-store.contract.js';
export * from './revoked-token-store.contract.js';
export * from './sign-in-attempts.contract.js';
export * from './signing-key-store.contract.js';
