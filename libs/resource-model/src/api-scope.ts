import { IsArray, IsBoolean, IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { IsScopeName, IsTextMap } from './validation-rules.js';

/** A permission at an API that a client may ask for. */
export class ApiScope {
  /** What clients ask for in `scope`. */
  @IsScopeName()
  name!: string;

  @IsOptional()
  @IsString()
  displayName?: string;

  @IsOptional()
  @IsString()
  description?: string;

  /** A disabled scope behaves as an unknown one. */
  @IsBoolean()
  enabled = true;

  /** Whether a person may not leave it out on consent. */
  @IsBoolean()
  required = false;

  /** Whether the consent page shows it with weight. */
  @IsBoolean()
  emphasize = false;

  @IsBoolean()
  showInDiscoveryDocument = true;

  /** User claims that a token with this scope carries. */
  @IsArray()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  userClaims: string[] = [];

  @IsTextMap()
  properties: Record<string, string> = {};

  constructor(name: string, displayName?: string, init: Partial<Omit<ApiScope, 'name' | 'displayName'>> = {}) {
    Object.assign(this, init);
    this.name = name;
    this.displayName = displayName;
  }
}
