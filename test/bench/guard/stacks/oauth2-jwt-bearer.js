import { auth } from 'express-oauth2-jwt-bearer';
import { audience } from '../tokens.js';

/** As middleware of the application. `strict`: asks for the typ and the claims of RFC 9068. */
export function protect({ issuer }) {
  const authenticate = auth({ issuerBaseURL: issuer, audience, strict: true });
  const middleware = (request, response, next) => authenticate(request, response, answering(response, next));
  return { subject: (request) => request.auth.payload.sub, prepare: (app) => app.use(middleware) };
}

/** Nest would make a 500 of its refusals. */
function answering(response, next) {
  return (error) => {
    if (error?.status === undefined) next(error);
    else response.status(error.status).set(error.headers).json({ message: error.message });
  };
}
