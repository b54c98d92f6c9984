import { IsBoolean, IsObject, IsOptional, IsString, Matches } from 'class-validator';
import { IsScopeName, IsWording } from './validation-rules.js';

/** A JSON Schema, draft 2019-09. */
export type DetailSchema = Readonly<Record<string, unknown>>;

/** What an authorization detail type is made of: `type`, `schema`, and whatever differs from the defaults. */
export type AuthorizationDetailTypeInit = Pick<AuthorizationDetailType, 'type' | 'schema'> &
  Partial<AuthorizationDetailType>;

/** A kind of permission that is asked for with its details, a payment for instance (RFC 9396 §2). */
export class AuthorizationDetailType {
  /** What clients send as `type` of an element of `authorization_details`: a name, or a URI of your own. */
  @Matches(/^[\x21\x23-\x5B\x5D-\x7E]{1,200}$/, {
    message: '$property must be 1 to 200 printable ASCII characters without space, quote and backslash',
  })
  type!: string;

  /**
   * The members that an element has beside `type`: a JSON Schema (2019-09) of an object. Members that it does not name are refused (RFC 9396 §5); so
   * are references to other documents.
   */
  @IsObject()
  schema!: DetailSchema;

  /** What people read above each element. None: its type. */
  @IsOptional()
  @IsString()
  displayName?: string;

  /**
   * What people read of an element when they are asked: one text, or one for each language, with the names of members in braces, `Transfer {amount.value} to
   * {creditorName}`. None: all members are shown as they are.
   */
  @IsOptional()
  @IsWording()
  text?: string | Readonly<Record<string, string>>;

  /** The name of the ApiResource that the details are for: its tokens carry them, and no others (RFC 9396 §9.1). None: every token carries them. */
  @IsOptional()
  @IsScopeName()
  resource?: string;

  /** A disabled type behaves as an unknown one. */
  @IsBoolean()
  enabled = true;

  constructor(init: AuthorizationDetailTypeInit) {
    Object.assign(this, init);
  }
}
