import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * For the address of the page that asks: it shows that this browser has sent this code on the page before, with a form of ours. Made from the
 * browser's `csrf`, which nobody can find out from it, so that no server needs to remember anything.
 */
export function proofOf(csrf: string, userCode: string): string {
  return createHmac('sha256', csrf).update(`device ${userCode}`).digest('base64url');
}

export function isProof(proof: string, csrf: string, userCode: string): boolean {
  const [sent, right] = [Buffer.from(proof), Buffer.from(proofOf(csrf, userCode))];
  return sent.length === right.length && timingSafeEqual(sent, right);
}
