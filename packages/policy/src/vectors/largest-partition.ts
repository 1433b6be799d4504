/**
 * Rows to reckon with in the largest of `partitions` hash partitions. Projects differ in size, and one project is in one
 * partition: with 100 projects as measured (one of 15.8 % of the rows, two of 10, five of 4, thirty of 1, …) and 5,000
 * random layouts, nine of ten stayed below .70, .47, .35, .28, .22 of the rows with 2, 4, 8, 16, 32 partitions. This line
 * runs along them.
 */
export function largestPartition(rows: number, partitions: number): number {
  return Math.ceil(rows * (0.25 + 0.75 / partitions))
}
