import { ApiProperty } from '@nestjs/swagger';

/** What this API makes of an access token. */
export class TokenDescription {
  @ApiProperty({ enum: ['jwt', 'reference'], description: 'Checked here, or asked about at the issuer.' })
  readonly kind!: 'jwt' | 'reference';

  @ApiProperty()
  readonly issuer!: string;

  @ApiProperty()
  readonly subject!: string;

  @ApiProperty({ type: String, required: false })
  readonly clientId: string | undefined;

  @ApiProperty({ type: [String] })
  readonly scopes!: readonly string[];

  @ApiProperty({ type: [String] })
  readonly roles!: readonly string[];

  @ApiProperty({ description: 'Whether it is good for the holder of a key alone.' })
  readonly isBound!: boolean;
}
