import { isAscii } from 'node:buffer';
import { JwsError } from './jws.error.js';

/** The three parts of a compact JWS as they came, still encoded (RFC 7515 §7.1). */
export interface CompactJws {
  /** All of it. */
  readonly text: string;
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
  /** What the signature covers: header and payload with the dot between them (RFC 7515 §5.2). */
  readonly signingInput: string;
}

/** Takes a compact JWS apart. Throws a JwsError (`malformed`) unless it has three parts in canonical base64url. */
export function splitCompactJws(text: string): CompactJws {
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first <= 0 || second < 0 || text.includes('.', second + 1)) throw malformed('it does not have three parts');
  const parts = {
    text,
    header: text.slice(0, first),
    payload: text.slice(first + 1, second),
    signature: text.slice(second + 1),
    signingInput: text.slice(0, second),
  };
  if (
    !base64Url.test(text) ||
    !endsInZeros(parts.header) ||
    !endsInZeros(parts.payload) ||
    !endsInZeros(parts.signature)
  ) {
    throw malformed('its parts are not base64url without padding');
  }
  return parts;
}

/**
 * The object in a part: header, or the claims. Throws a JwsError (`malformed`). Of a member that stands twice the last one
 * counts, which RFC 7515 §4 and RFC 7519 §4 permit; nobody but the issuer can have written it.
 */
export function decodeObject(part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(decodeText(Buffer.from(part, 'base64url')));
  } catch {
    // Without the error of JSON.parse as its cause: that quotes what it read.
    throw malformed('a part of it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('a part of it is not a JSON object');
  }
  return value as Record<string, unknown>;
}

/** The bytes of a part: the signature, or a payload of any kind. Lenient by itself: `splitCompactJws` checked the text. */
export function decodeBytes(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

/** Most headers and claims are ASCII, which is read in half of the time. */
function decodeText(bytes: Buffer): string {
  return isAscii(bytes) ? bytes.toString('latin1') : utf8.decode(bytes);
}

/** A byte order mark is kept, so that JSON.parse refuses it: RFC 8259 §8.1 says that nobody may write one. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** RFC 7515 §2: neither padding nor anything outside of the alphabet. All parts in one pass: how many there are was looked at before. */
const base64Url = /^[A-Za-z0-9_.-]*$/;

/** What a last character may be where its lower 4 or 2 bits are not used. */
const lastOfTwo = 'AQgw';
const lastOfThree = 'AEIMQUYcgkosw048';

/** RFC 4648 §3.5: unused bits are zero, so that nobody but the issuer can write the same token in another way. */
function endsInZeros(part: string): boolean {
  const rest = part.length % 4;
  if (rest === 0) return true;
  return rest !== 1 && (rest === 2 ? lastOfTwo : lastOfThree).includes(part.charAt(part.length - 1));
}

function malformed(reason: string): JwsError {
  return new JwsError('malformed', `The JWS is malformed: ${reason}.`);
}
