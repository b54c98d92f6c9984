import type { Client } from '@tessera/resource-model';

/** RFC 8252 §7.3: a native application listens on a port that the system gives it. The host is a literal, never a name. */
const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::\d{1,5})?(\/[^#]*)?$/;

/**
 * Whether the client has registered the URI: character by character (RFC 6749 §3.1.2.3, RFC 9700 §4.1.3). Nothing is parsed, decoded or normalised,
 * so there is nothing to disagree about with whoever reads it next.
 */
export function isRegistered({ redirectUris }: Client, redirectUri: string): boolean {
  return redirectUris.includes(redirectUri) || redirectUris.some((known) => isSameLoopback(known, redirectUri));
}

function isSameLoopback(known: string, sent: string): boolean {
  const [one, other] = [loopback.exec(known), loopback.exec(sent)];
  // The pattern lets ports through that there are not; an answer to one of them could not be sent.
  return one !== null && other !== null && one[1] === other[1] && one[2] === other[2] && URL.canParse(sent);
}
