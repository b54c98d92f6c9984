import { hash, timingSafeEqual } from 'node:crypto';
import { IsIn, IsInt, IsOptional, IsPositive, IsString, Matches } from 'class-validator';

const secretTypes = ['sharedSecret'] as const;
export type SecretType = (typeof secretTypes)[number];

/**
 * What a client or an API resource proves itself with. A shared secret is kept as the base64 of its SHA-256 or SHA-512,
 * which is safe for secrets of high entropy only: generate them, never think them up.
 */
export class Secret {
  @IsIn(secretTypes)
  type: SecretType = 'sharedSecret';

  /** For a shared secret: base64 of its SHA-256 (44 characters) or SHA-512 (88 characters). */
  @IsString()
  @Matches(/^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/, {
    message: 'value must be the base64 of a SHA-256 or SHA-512 hash: give the hash, not the secret itself',
  })
  value!: string;

  @IsOptional()
  @IsString()
  description?: string;

  /** When the secret stops working, in seconds since 1970. None: it does not end. */
  @IsOptional()
  @IsInt()
  @IsPositive()
  expiration?: number;

  constructor(value: string, init: Partial<Omit<Secret, 'value'>> = {}) {
    Object.assign(this, init);
    this.value = value;
  }
}

/** The form in which a shared secret is kept: `new Secret(sha256('…'))`. */
export function sha256(secret: string): string {
  return hash('sha256', secret, 'base64');
}

/** As {@link sha256}, with SHA-512. */
export function sha512(secret: string): string {
  return hash('sha512', secret, 'base64');
}

/** Whether a presented secret is the one that was kept; takes the same time for every wrong one. */
export function matchesSharedSecret(secret: Secret, presented: string): boolean {
  const kept = Buffer.from(secret.value, 'base64');
  const shown = hash(kept.length === 64 ? 'sha512' : 'sha256', presented, 'buffer');
  return kept.length === shown.length && timingSafeEqual(kept, shown);
}
