import { GB, kB, MB, TB } from '../units.ts'

/** For reasons: `5.3 GB`, `512 MB`, `7 kB`. */
export function sizeText(bytes: number): string {
  if (bytes >= TB) return `${rounded(bytes / TB)} TB`
  if (bytes >= GB) return `${rounded(bytes / GB)} GB`
  if (bytes >= MB) return `${rounded(bytes / MB)} MB`
  return `${rounded(bytes / kB)} kB`
}

function rounded(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : String(Number(value.toFixed(1)))
}
