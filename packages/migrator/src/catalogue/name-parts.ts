/** Of a name as the catalogue prints it, quoted where needed: `"My app".orders` → `"My app"`. */
export function firstPart(name: string): string {
  return /^(?:"(?:[^"]|"")*"|[^".]+)/.exec(name)?.[0] ?? name
}

export function lastPart(name: string): string {
  return /(?:"(?:[^"]|"")*"|[^".]+)$/.exec(name)?.[0] ?? name
}

/** Of one part. */
export function unquoted(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part
}
