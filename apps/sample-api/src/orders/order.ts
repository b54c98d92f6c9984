import { ApiProperty } from '@nestjs/swagger';

/** What somebody has ordered. */
export class Order {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ example: 'Tea' })
  readonly product!: string;

  @ApiProperty({ example: 2 })
  readonly quantity!: number;

  /** The `sub` of the access token that created it. */
  @ApiProperty({ description: 'The subject of the access token with which it was placed.' })
  readonly createdBy!: string;

  /** ISO 8601, UTC. */
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
}
