import { refusedMember } from '../../clients/client-metadata/metadata-error.js';
import type { ClientMetadata } from '../../clients/client-metadata/metadata-member.js';
import { GateAnswer } from '../../http/gate-answer.js';
import type { HttpRequest } from '../../http/message.js';

const notJson = 'The body must be JSON: application/json (RFC 7591 §3.1).';

/** The JSON object in the body (RFC 7591 §3.1), whether or not the platform has parsed it already. @throws OAuthError, GateAnswer */
export function metadataOf({ headers, body }: HttpRequest): ClientMetadata {
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) throw new GateAnswer(415, {}, notJson);
  const value = typeof body === 'string' ? parse(body) : body;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ClientMetadata;
  throw refusedMember('The body', 'must be a JSON object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
