/** What the engine learned about a request, for the one line that the application logs about it. Never a secret. */
export interface RequestNotes {
  client?: string;
  subject?: string;
  grant?: string;
  error?: string;
  reason?: string;
}

const notes = new WeakMap<object, RequestNotes>();

/** Adds to what is known about the request. */
export function note(request: object, more: RequestNotes): void {
  const known = notes.get(request);
  if (known) Object.assign(known, more);
  else notes.set(request, { ...more });
}

/** What the engine noted about a request: for a logger of one's own. */
export function notesOf(request: object): RequestNotes {
  return notes.get(request) ?? {};
}
