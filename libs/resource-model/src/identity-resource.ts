import { ArrayNotEmpty, IsArray, IsBoolean, IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { Scopes } from '@tessera/protocol';
import { IsScopeName, IsTextMap } from './validation-rules.js';

/** A named set of claims about a person that a client may ask for as a scope. */
export class IdentityResource {
  /** What clients ask for in `scope`. */
  @IsScopeName()
  name!: string;

  @IsOptional()
  @IsString()
  displayName?: string;

  @IsOptional()
  @IsString()
  description?: string;

  /** A disabled identity resource behaves as an unknown one. */
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

  /** The claims about the person that come with it. */
  @IsArray()
  @ArrayNotEmpty()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  userClaims!: string[];

  @IsTextMap()
  properties: Record<string, string> = {};

  constructor(name: string, userClaims: string[], init: Partial<Omit<IdentityResource, 'name' | 'userClaims'>> = {}) {
    Object.assign(this, init);
    this.name = name;
    this.userClaims = userClaims;
  }
}

/** The ready-made identity resources, with the claims of OpenID Connect Core §5.4. */
export const IdentityResources = {
  openId: () => new IdentityResource(Scopes.openid, ['sub'], { displayName: 'Your user identifier', required: true }),
  profile: () =>
    new IdentityResource(
      Scopes.profile,
      [
        'name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture',
        'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at',
      ], // prettier-ignore
      { displayName: 'User profile', description: 'Your name and the like', emphasize: true },
    ),
  email: () =>
    new IdentityResource(Scopes.email, ['email', 'email_verified'], {
      displayName: 'Your email address',
      emphasize: true,
    }),
  phone: () =>
    new IdentityResource(Scopes.phone, ['phone_number', 'phone_number_verified'], {
      displayName: 'Your phone number',
      emphasize: true,
    }),
  address: () =>
    new IdentityResource(Scopes.address, ['address'], { displayName: 'Your postal address', emphasize: true }),
} as const;
