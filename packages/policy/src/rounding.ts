export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

/** Rounded down to a whole number of `step`s. */
export function down(value: number, step: number): number {
  return Math.floor(value / step) * step
}
