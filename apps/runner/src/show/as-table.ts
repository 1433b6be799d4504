/** Lines of columns; those of numbers or times only are aligned to the right. */
export function asTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const isNumber = head.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^(\d+(\.\d+)?( s)?)?$/.test(row[at] ?? '')),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)]
}
