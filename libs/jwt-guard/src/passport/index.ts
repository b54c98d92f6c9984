export { AccessRefusedFilter } from './access-refused.filter.js';
export { TesseraJwtStrategy } from './tessera-jwt.strategy.js';
export { TesseraPassportModule } from './tessera-passport.module.js';
