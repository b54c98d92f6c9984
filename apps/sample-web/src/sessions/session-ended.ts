import { PageError } from '../pages/page-error.js';

/** The person has to sign in again: nothing that this application holds opens the API any more. */
export class SessionEnded extends PageError {
  override readonly name = 'SessionEnded';

  constructor() {
    super(
      403,
      'Your session has ended',
      'You were signed out, or it has been too long. Nothing is lost: sign in again.',
      {
        wayOut: { href: '/login', label: 'Sign in again' },
      },
    );
  }
}
