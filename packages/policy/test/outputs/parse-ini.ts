/** Reads an ini as PgBouncer does: a value goes to the end of its line. @throws Error with the line that it would refuse */
export function parseIni(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {}
  let section: Record<string, string> | undefined
  for (const line of text.split('\n')) {
    if (/^\s*(?:[;#].*)?$/.test(line)) continue
    const title = /^\[(\w+)\]$/.exec(line)?.[1]
    const [, name, value] = /^(\w+) = (.+)$/.exec(line) ?? []
    if (title !== undefined) {
      section = {}
      found[title] = section
    } else if (section !== undefined && name !== undefined && value !== undefined) section[name] = value
    else throw new Error(`PgBouncer refuses: ${line}`)
  }
  return found
}
