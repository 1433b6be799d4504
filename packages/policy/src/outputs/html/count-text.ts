/** 1234567 as 1,234,567: the same on every machine, whatever its language. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}
