export * from './bearer.js';
export * from './names.js';
export * from './oauth-error.js';
export * from './parameters.js';
export * from './secret-members.js';
