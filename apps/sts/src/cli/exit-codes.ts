/** What the process ends with; docs/cli.md says the same. */
export const exitCodes = {
  fine: 0,
  /** What was asked for was not done, or what was checked is not in order. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** `doctor`: nothing wrong was found, but not everything could be checked. */
  unchecked: 3,
  /** `config diff`: the database is not as the file declares it. */
  differs: 4,
} as const;
