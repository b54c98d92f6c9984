/** How long things live in the compressed hour, in seconds of the server's clock: so short that each ends many times while the load goes on. */
export const lifetimes = {
  accessToken: 120,
  refreshToken: 300,
  refreshTokenGrace: 10,
  code: 60,
  session: 300,
  interaction: 300,
  deviceCode: 60,
} as const;

/** After that the longest-lived of them (what a revoked family is remembered by) has ended for the first time, and been swept. */
export const warmUp = 600;

/** How long the rows of each table live: none stays longer than that, and until the next clean-up. */
export const rowLifetimes = {
  reference_tokens: lifetimes.accessToken,
  refresh_tokens: lifetimes.refreshToken,
  refresh_responses: lifetimes.refreshTokenGrace,
  // A revoked family is remembered until the last access token of its last refresh token has ended.
  revoked_tokens: lifetimes.refreshToken + lifetimes.accessToken,
  authorization_codes: lifetimes.code,
  sessions: lifetimes.session,
  interactions: lifetimes.interaction,
  device_authorizations: lifetimes.deviceCode,
} as const;

export type EndingTable = keyof typeof rowLifetimes;
