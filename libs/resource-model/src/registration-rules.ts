import { signingAlgorithms, type SigningAlgorithm } from '@tessera/protocol';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Secret } from './secret.js';
import { IsSeconds } from './validation-rules.js';
import { ClientPolicy } from './client-policy.js';

/** What lets somebody register clients (RFC 7591 §3). */
export class InitialAccessToken {
  /** For people, and to find its policy again. */
  @IsString()
  @IsNotEmpty()
  name!: string;

  /** What is sent as the bearer token. */
  @ValidateNested()
  secret!: Secret;

  /** What the clients may be that it registers. None: the policy of the registration. */
  @IsOptional()
  @ValidateNested()
  policy?: ClientPolicy;

  constructor(init: Omit<InitialAccessToken, 'policy'> & { policy?: Partial<ClientPolicy> }) {
    Object.assign(this, init, { policy: init.policy && new ClientPolicy(init.policy) });
  }
}

/** Who may speak for clients (RFC 7591 §2.3). */
export class StatementIssuer {
  /** The `iss` of its statements. */
  @IsString()
  @IsNotEmpty()
  issuer!: string;

  /** The public keys that it signs with, as JWKs; each with `kid`, where there are several. */
  @IsArray()
  @ArrayNotEmpty()
  @IsObject({ each: true })
  keys!: object[];

  /** The algorithms that it signs with. */
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(signingAlgorithms, { each: true })
  algorithms: SigningAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

  constructor(init: Pick<StatementIssuer, 'issuer' | 'keys'> & Partial<StatementIssuer>) {
    Object.assign(this, init);
  }
}

/** What others say of a client in a signed statement, which counts more than what it says itself. */
export class SoftwareStatementRules {
  /** Whose statements count. */
  @IsArray()
  @ValidateNested({ each: true })
  issuers: StatementIssuer[] = [];

  /** Whether nobody registers without one. */
  @IsBoolean()
  required = false;

  constructor(
    init: { issuers?: readonly ConstructorParameters<typeof StatementIssuer>[0][]; required?: boolean } = {},
  ) {
    Object.assign(this, init, { issuers: (init.issuers ?? []).map((issuer) => new StatementIssuer(issuer)) });
  }
}

/** How registration rules are given: with plain objects in the place of classes. */
export interface RegistrationInit {
  readonly mode?: RegistrationRules['mode'];
  readonly initialAccessTokens?: readonly ConstructorParameters<typeof InitialAccessToken>[0][];
  readonly policy?: Partial<ClientPolicy>;
  readonly softwareStatements?: ConstructorParameters<typeof SoftwareStatementRules>[0];
  readonly maxClients?: number;
  readonly clientSecretLifetime?: number;
  readonly unusedClientLifetime?: number;
  readonly registrationsPerHour?: number;
}

/** Whether and how clients register themselves (RFC 7591, RFC 7592, OpenID Connect Registration 1.0). */
export class RegistrationRules {
  /**
   * `off`: nobody registers, and who did is unknown. `initial-access-token`: whoever has one of `initialAccessTokens`; with none of them those who
   * are registered stay, and nobody joins. `open`: anybody.
   */
  @IsIn(['off', 'initial-access-token', 'open'])
  mode: 'off' | 'initial-access-token' | 'open' = 'off';

  /** What has to be sent as a bearer token in the mode `initial-access-token`, and may be in the mode `open`, for another policy. */
  @IsArray()
  @ValidateNested({ each: true })
  initialAccessTokens: InitialAccessToken[] = [];

  /** What clients may be that register. */
  @ValidateNested()
  policy: ClientPolicy = new ClientPolicy();

  /** Statements of others about clients (RFC 7591 §2.3). */
  @ValidateNested()
  softwareStatements: SoftwareStatementRules = new SoftwareStatementRules();

  /** The most registered clients that there are at once. The last tenth is for those that show an initial access token. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxClients = 1000;

  /** Seconds for which the secret of a registered client works; 0: it does not end. */
  @IsSeconds(0)
  clientSecretLifetime = 0;

  /**
   * Seconds after which a client is removed that registered without an initial access token, if nobody has got a code or a token through it by then;
   * 0: it stays. So strangers cannot take up all the room that `maxClients` gives.
   */
  @IsSeconds(0)
  unusedClientLifetime = 86_400;

  /** Requests to register from one network (of IPv6 a /64) that are free in an hour; each one after them waits twice as long as the one before. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  registrationsPerHour = 20;

  constructor(init: RegistrationInit = {}) {
    Object.assign(this, init, {
      initialAccessTokens: (init.initialAccessTokens ?? []).map((token) => new InitialAccessToken(token)),
      policy: new ClientPolicy(init.policy),
      softwareStatements: new SoftwareStatementRules(init.softwareStatements),
    });
  }
}
