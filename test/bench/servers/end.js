/** Ends with the parent, and in a way that lets Node write its CPU profile. */
export function endWithParent() {
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
}
