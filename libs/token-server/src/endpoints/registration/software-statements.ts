import { Inject, Injectable } from '@nestjs/common';
import { JwsError, VerificationKey, verifyCompactJws } from '@tessera/jws';
import { OAuthError, type OAuthErrorCode, signingAlgorithmOf } from '@tessera/protocol';
import { Clock, type SoftwareStatementRules, type StatementIssuer } from '@tessera/resource-model';
import type { ClientMetadata } from '../../clients/client-metadata/metadata-member.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';

const longestStatement = 16_384;

/** What the statement says about itself, and nothing about the client. */
const ownClaims = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'software_statement',
  'client_id',
  'client_secret',
]);

type Members = Readonly<Record<string, unknown>>;

/** What somebody else, whom this server trusts, has signed about a client (RFC 7591 §2.3). */
@Injectable()
export class SoftwareStatements {
  private readonly rules: SoftwareStatementRules;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { registration }: ResolvedOptions,
    private readonly clock: Clock,
  ) {
    this.rules = registration.softwareStatements;
  }

  /** The metadata with what the statement says in the place of what the client says. @throws OAuthError */
  async apply(sent: ClientMetadata): Promise<ClientMetadata> {
    const { software_statement: statement, ...others } = sent;
    if (statement === undefined || statement === null) {
      if (this.rules.required) throw refused('invalid_software_statement', 'one is needed to register here');
      return others;
    }
    if (typeof statement !== 'string' || statement.length > longestStatement) {
      throw refused('invalid_software_statement', 'must be a signed JWT');
    }
    const claims = Object.entries(await this.verify(statement)).filter(([name]) => !ownClaims.has(name));
    // §3.2.1: the client is told which one was used.
    return { ...others, ...Object.fromEntries(claims), software_statement: statement };
  }

  private async verify(statement: string): Promise<Members> {
    const { header, claims } = read(statement);
    const issuer = this.rules.issuers.find((one) => one.issuer === claims.iss);
    if (!issuer) throw refused('unapproved_software_statement', 'its issuer is not one that is trusted here');
    try {
      verifyCompactJws(statement, await keyOf(issuer, header));
    } catch (cause) {
      if (!(cause instanceof JwsError)) throw cause;
      throw refused('invalid_software_statement', 'its signature is not that of its issuer', cause);
    }
    this.checkTime(claims);
    return claims;
  }

  private checkTime({ exp, nbf }: Members): void {
    const now = this.clock.now();
    if (exp !== undefined && !(typeof exp === 'number' && exp > now))
      throw refused('invalid_software_statement', 'it has expired');
    if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now)) {
      throw refused('invalid_software_statement', 'it is not valid yet');
    }
  }
}

/** Not yet believed: it says whose key to check it with. */
function read(statement: string): { header: Members; claims: Members } {
  const [header, claims] = statement.split('.', 2).map(parse);
  if (header && claims) return { header, claims };
  throw refused('invalid_software_statement', 'must be a signed JWT');
}

function parse(part: string): Members | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

/** The issuer's key that the header names, or its only one. @throws JwsError */
async function keyOf({ keys, algorithms }: StatementIssuer, { kid, alg }: Members): Promise<VerificationKey> {
  const asked = signingAlgorithmOf(alg);
  const algorithm = algorithms.find((one) => one === asked);
  const named = (keys as readonly Members[]).filter(
    (key) => kid === undefined || key.kid === undefined || key.kid === kid,
  );
  if (!algorithm || named.length !== 1)
    throw new JwsError('key_unusable', 'The statement names no algorithm or no key of its issuer.');
  return VerificationKey.fromJwk(named[0]!, algorithm);
}

function refused(code: OAuthErrorCode, problem: string, cause?: unknown): OAuthError {
  return new OAuthError(code, `software_statement: ${problem}.`, { cause });
}
