import { type Finding, findings } from '../finding.js';
import type { ReachedServer } from '../reached-server.js';

const { fine, warning, unchecked } = findings('clock');
/** Clients commonly allow for a few seconds when they check iat, nbf and exp. */
const toleratedSeconds = 5;

/** A server whose clock is ahead issues tokens that are not valid yet. */
export async function checkClock({ clockDifference }: ReachedServer): Promise<Finding[]> {
  if (clockDifference === undefined) {
    return [unchecked('the answer has no Date header', 'Let the proxy pass it on.')];
  }
  const seconds = Math.round(Math.abs(clockDifference));
  if (seconds <= toleratedSeconds)
    return [fine(`the server's clock and this machine's agree within ${toleratedSeconds} seconds`)];
  const direction = clockDifference > 0 ? 'ahead of' : 'behind';
  return [
    warning(
      `the server's clock is ${seconds} seconds ${direction} this machine's`,
      'Let both follow a time server (NTP).',
    ),
  ];
}
