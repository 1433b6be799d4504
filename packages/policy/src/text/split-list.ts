/** Items of a list setting, `a, "b c"`: separated by commas; double quotes keep what is between them and go. */
export function splitList(value: string): string[] {
  const items = value.match(/(?:"(?:[^"]|"")*"|[^,"])+/g) ?? []
  return items
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => (/^"(?:[^"]|"")*"$/.test(item) ? item.slice(1, -1).replaceAll('""', '"') : item))
}
