import { IsDefined, IsNotEmpty, IsString } from 'class-validator';

/** A claim about a client: a name and a JSON value. */
export class Claim {
  /** The name of the claim. */
  @IsString()
  @IsNotEmpty()
  type!: string;

  /** Any JSON value. */
  @IsDefined()
  value!: unknown;

  constructor(type: string, value: unknown) {
    this.type = type;
    this.value = value;
  }
}
