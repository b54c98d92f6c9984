import { IsPasswordHash } from './validation-rules.js';
import { IsBoolean, IsNotEmpty, IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** A person who can sign in here. */
export class User {
  /** `sub` in tokens: unique, never given to somebody else (OpenID Connect Core §2: at most 255 ASCII characters). */
  @IsString()
  @Matches(/^[\x21-\x7E]{1,255}$/, { message: 'subject must be 1 to 255 printable ASCII characters without space' })
  subject!: string;

  /** What the person signs in with; capital letters make no difference. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  @Matches(/^\P{Cc}*$/u, { message: 'username must have no control characters' })
  username!: string;

  /** A disabled person gets no token and refreshes none. */
  @IsBoolean()
  enabled = true;

  /**
   * argon2id as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$…`; or what the person brings along, which is replaced by that at the
   * first sign-in: bcrypt, scrypt, PBKDF2, Django's or ASP.NET Core Identity's. None: the person has no password here.
   */
  @IsOptional()
  @IsString()
  @IsPasswordHash()
  passwordHash?: string;

  /** What is known about the person, by claim name; values are JSON. */
  @IsObject()
  claims: Record<string, unknown> = {};

  constructor(init: Pick<User, 'subject' | 'username'> & Partial<User>) {
    Object.assign(this, init);
  }
}
