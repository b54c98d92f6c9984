export { AccountsModule } from './accounts.module.js';
export { hashPassword, needsRehash, verifyPassword } from './password-hashing.js';
