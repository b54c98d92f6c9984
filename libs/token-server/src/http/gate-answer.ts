/** An answer that the gate gives in the endpoint's place: a preflight's headers, or why it goes no further. */
export class GateAnswer extends Error {
  constructor(
    readonly status: 204 | 400 | 405 | 413 | 415,
    readonly headers: Readonly<Record<string, string>>,
    description = '',
  ) {
    super(description);
  }
}
