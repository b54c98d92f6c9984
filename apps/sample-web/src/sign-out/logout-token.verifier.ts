import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify, type JWTPayload } from 'jose';
import { Clock } from '../clock.js';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { ExpiringMap } from '../expiring-map.js';
import { hashHandle } from '../handle.js';
import { Issuer } from '../issuer/issuer.js';

/** Whose sessions end: one session at the issuer, all of a person, or both together. At least one is given. */
export interface Logout {
  readonly sid: string | undefined;
  readonly subject: string | undefined;
}

/** A logout token that must not be obeyed. The message says which rule it breaks. */
export class LogoutTokenRefused extends Error {
  override readonly name = 'LogoutTokenRefused';
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Checks logout tokens by the rules of OpenID Connect Back-Channel Logout 1.0 §2.6. */
@Injectable()
export class LogoutTokenVerifier {
  /** Seconds since `iat` for which a token is taken: the news is told at once, or a few times soon after. */
  static readonly maxAge = 600;
  /** Seconds by which the clocks may differ. */
  static readonly clockTolerance = 30;
  private readonly used: ExpiringMap<true>;

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly issuer: Issuer,
    private readonly clock: Clock,
  ) {
    // Forgotten when the token is too old anyway.
    const lifetime = LogoutTokenVerifier.maxAge + 2 * LogoutTokenVerifier.clockTolerance;
    this.used = new ExpiringMap(clock, { capacity: 100_000, lifetime });
  }

  /** Rejects with a LogoutTokenRefused, or with what kept it from finding out. */
  async verify(token: string): Promise<Logout> {
    const claims = await this.open(token);
    if (!isObject(claims.events) || !isObject(claims.events[logoutEvent]))
      throw refused('it does not tell of a logout');
    // §2.6 (6): with a nonce, an id_token could pass as one.
    if ('nonce' in claims) throw refused('it has a nonce');
    const sid = textOf(claims, 'sid');
    const subject = textOf(claims, 'sub');
    if (sid === undefined && subject === undefined) throw refused('it names neither a session nor a person');
    this.useUp(textOf(claims, 'jti') ?? '');
    return { sid, subject };
  }

  /** Signature, kind, issuer, audience and time. */
  private async open(token: string): Promise<JWTPayload> {
    const { keys, metadata } = await this.issuer.known();
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: metadata.issuer,
      audience: this.environment.clientId,
      algorithms: signingAlgorithms(metadata.id_token_signing_alg_values_supported),
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: LogoutTokenVerifier.maxAge,
      clockTolerance: LogoutTokenVerifier.clockTolerance,
      currentDate: new Date(this.clock.now() * 1000),
    });
    // §2.4: the type keeps other kinds of tokens out; older servers send none.
    const kind = (protectedHeader.typ ?? 'JWT').toLowerCase().replace(/^application\//, '');
    if (kind !== 'logout+jwt' && kind !== 'jwt') throw refused('it is a token of another kind');
    return payload;
  }

  /** Last of all, so that a token that is refused uses up nothing. */
  private useUp(jti: string): void {
    const key = hashHandle(jti);
    if (this.used.get(key)) throw refused('it was used before');
    this.used.add(key, true);
  }
}

/** Those of id_tokens (§2.4), never one with a shared secret and never none. */
function signingAlgorithms(supported: readonly string[] = ['RS256']): string[] {
  return supported.filter((algorithm) => algorithm !== 'none' && !algorithm.startsWith('HS'));
}

function textOf(claims: JWTPayload, name: string): string | undefined {
  const value = claims[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw refused(`its ${name} is no text`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(why: string): LogoutTokenRefused {
  return new LogoutTokenRefused(`The logout token was refused: ${why}.`);
}
