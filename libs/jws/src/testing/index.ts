export * from './dpop-replay-store.contract.js';
