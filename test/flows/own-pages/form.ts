import {
  CsrfError,
  type HttpReply,
  type HttpRequest,
  type InteractionService,
  type SignedIn,
} from '@tessera/token-server';

/** What was sent once under this name; empty counts as nothing, and so does whatever a request may hold that is no text. */
export function fieldOf(source: unknown, name: string): string | undefined {
  return fieldsOf(source, name)[0];
}

export function fieldsOf(source: unknown, name: string): string[] {
  const fields = (source ?? {}) as Record<string, unknown>;
  const values = Object.hasOwn(fields, name) ? [fields[name]].flat() : [];
  return values.filter((value): value is string => typeof value === 'string' && value !== '');
}

/**
 * What every POST begins with: the form was given to this browser and, where somebody is signed in, to that person. Two tabs share a
 * session: what Alice was asked, Bob must not answer.
 * @throws CsrfError
 */
export function checkForm(interactions: InteractionService, request: HttpRequest, account?: SignedIn): void {
  interactions.checkCsrf(request);
  if (account && fieldOf(request.body, 'account') !== account.sessionId) {
    throw new CsrfError('The form was shown to somebody else.');
  }
}

/** 303: with a GET, whatever the browser came with. */
export function redirect(reply: HttpReply, address: string): void {
  reply.header('Location', address);
  reply.header('Cache-Control', 'no-store');
  reply.status(303).send();
}
