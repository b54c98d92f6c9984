import { IsInt, IsString, Length, Max, Min } from 'class-validator';

/** The body of POST /orders. */
export class NewOrder {
  @IsString()
  @Length(1, 200)
  product!: string;

  @IsInt()
  @Min(1)
  @Max(1000)
  quantity!: number;
}
