import type { VerificationKey } from '@tessera/jws';
import type { JWK } from 'jose';
import { AccessTokenError } from '../token/access-token.error.js';
import type { KeyedHeader } from './key-source.js';
import { PublishedKey } from './published-key.js';

/** Members of a set; issuers in use publish below 40. Each costs an import and memory. */
const mostKeys = 100;

/**
 * A published key set (RFC 7517 §5), every key of it imported. A key is found by `kid`, and only if it is for the header's
 * algorithm: the key decides what it is for, not the token. A faulty member does not spoil the others.
 */
export class KeySet {
  private readonly all: readonly PublishedKey[];
  /** A Map, because a `kid` is any text: also `__proto__`. */
  private readonly named = new Map<string, PublishedKey[]>();
  private readonly held = new Set<VerificationKey>();

  private constructor(private readonly byText: ReadonlyMap<string, PublishedKey>) {
    this.all = [...byText.values()];
    for (const key of this.all) {
      for (const verificationKey of key.verificationKeys()) this.held.add(verificationKey);
      if (key.kid === undefined) continue;
      const sameName = this.named.get(key.kid);
      if (sameName) sameName.push(key);
      else this.named.set(key.kid, [key]);
    }
  }

  /** Rejects when the document is not a key set. A member that stands in `previous` letter for letter keeps its keys, which are not imported anew. */
  static async read(document: unknown, previous?: KeySet): Promise<KeySet> {
    const entries = keySetMembers(document).map(async (jwk) => {
      const text = canonicalText(jwk);
      return [text, previous?.byText.get(text) ?? (await PublishedKey.read(jwk))] as const;
    });
    return new KeySet(new Map(await Promise.all(entries)));
  }

  /** Whether one key at least can check signatures. */
  get isUsable(): boolean {
    return this.held.size > 0;
  }

  /** The names of the keys that can be used. */
  get keyIds(): readonly string[] {
    return [...this.named].filter(([, keys]) => keys.some((key) => key.isUsable)).map(([kid]) => kid);
  }

  has(key: VerificationKey): boolean {
    return this.held.has(key);
  }

  /** The key for a header, or undefined where the set has none. Throws an AccessTokenError: `key_ambiguous`, `key_unusable`. */
  find({ alg, kid }: KeyedHeader): VerificationKey | undefined {
    const candidates = kid === undefined ? this.all : (this.named.get(kid) ?? []);
    let found: VerificationKey | undefined;
    for (const candidate of candidates) {
      const key = candidate.keyFor(alg);
      if (key && found) throw ambiguous();
      found ??= key;
    }
    if (!found) refuseFaulty(candidates, alg);
    return found;
  }
}

/** OpenID Connect Core §10.1: with several keys in the set, the token must name its key. */
function ambiguous(): AccessTokenError {
  return new AccessTokenError('key_ambiguous', 'The token does not say which of several keys signed it (kid).');
}

function refuseFaulty(candidates: readonly PublishedKey[], algorithm: string): void {
  const cause = candidates.map((candidate) => candidate.faultFor(algorithm)).find((fault) => fault !== undefined);
  if (!cause) return;
  const description = `The key that the token names cannot check its signature. ${cause.message}`;
  throw new AccessTokenError('key_unusable', description, { cause });
}

/** What a key set holds. Throws when the document is not a key set. */
export function keySetMembers(document: unknown): JWK[] {
  const members: unknown = isObject(document) ? document.keys : undefined;
  if (!Array.isArray(members)) throw new Error('the document is not a key set: it has no list named keys');
  if (members.length > mostKeys) throw new Error(`the key set has ${members.length} keys; ${mostKeys} are the most`);
  const jwks = members.filter(isObject);
  if (jwks.length === 0 && members.length > 0) throw new Error('the document is not a key set: no member is an object');
  return jwks;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same text for the same JWK, in whatever order its members come. */
function canonicalText(jwk: JWK): string {
  return JSON.stringify(Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1)));
}
