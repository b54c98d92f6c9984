/** What the engine learned about a request, for the one line that the application logs about it. Never a secret. */
export interface RequestNotes {
  client?: string;
  subject?: string;
  grant?: string;
  error?: string;
  reason?: string;
}

/** On the request itself: an entry in a WeakMap for each request would be the garbage collector's to pay for. */
const notes = Symbol('tessera.notes');

interface Noted {
  [notes]?: RequestNotes;
}

/** Adds to what is known about the request. */
export function note(request: object, more: RequestNotes): void {
  const noted = request as Noted;
  noted[notes] = { ...noted[notes], ...more };
}

/** What the engine noted about a request: for a logger of one's own. */
export function notesOf(request: object): RequestNotes {
  return (request as Noted)[notes] ?? {};
}
