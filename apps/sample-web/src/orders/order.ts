/** An order, as the API tells it. */
export interface Order {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly createdAt: string;
}

/** What somebody wants to order. */
export type NewOrder = Pick<Order, 'product' | 'quantity'>;
