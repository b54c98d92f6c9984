import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';

/** The body of POST /orders. */
export class NewOrder {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Tea' })
  @IsString()
  @Length(1, 200)
  product!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 1000, example: 2 })
  @IsInt()
  @Min(1)
  @Max(1000)
  quantity!: number;
}
