import { JwtGuardModule } from '@tessera/jwt-guard';
import { audience } from '../tokens.js';

/** The guard of all routes. The subject is read as with the others: a parameter decorator has a price of its own, whoever's it is. */
export function protect({ issuer }, { tokenCache }) {
  const options = { issuer, audience, ...(tokenCache === undefined ? {} : { tokenCache }) };
  return { imports: [JwtGuardModule.forRoot(options)], subject: ({ user }) => user.sub };
}
