/** A value of phiscan.yaml with its character index. */
export interface Placed<Value> {
  readonly value: Value;
  readonly at: number;
}
