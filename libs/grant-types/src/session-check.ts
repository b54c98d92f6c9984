/** Whether a person's sign-in goes on. The server that keeps sessions answers. */
export abstract class SessionCheck {
  /** Whether the session of that `sid` is alive; asking counts as activity in it. */
  abstract isAlive(sessionId: string): Promise<boolean>;
}
