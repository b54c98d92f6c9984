export { AccountsModule } from './accounts.module.js';
export { hashPassword } from './password-hashing.js';
