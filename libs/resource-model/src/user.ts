import { HasArgon2Bounds } from './validation-rules.js';
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
  username!: string;

  /** A disabled person gets no token and refreshes none. */
  @IsBoolean()
  enabled = true;

  /** argon2, as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$…`. None: the person has no password here. */
  @IsOptional()
  @IsString()
  @HasArgon2Bounds()
  @Matches(/^\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/, {
    message: 'passwordHash must be an argon2 hash as a PHC string: $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>',
  })
  passwordHash?: string;

  /** What is known about the person, by claim name; values are JSON. */
  @IsObject()
  claims: Record<string, unknown> = {};

  constructor(init: Pick<User, 'subject' | 'username'> & Partial<User>) {
    Object.assign(this, init);
  }
}
