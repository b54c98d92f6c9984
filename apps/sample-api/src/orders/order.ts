/** What somebody has ordered. */
export interface Order {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  /** The `sub` of the access token that created it. */
  readonly createdBy: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}
