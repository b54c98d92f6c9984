export { AccountsModule } from './accounts.module.js';
export { hashPassword, verifyPassword } from './password-hashing.js';
