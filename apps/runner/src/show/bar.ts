const width = 24

/** @param share from 0 to 1; what is beyond counts as 1 */
export function bar(share: number): string {
  const filled = Math.round(Math.min(share, 1) * width)
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
}

/** The last line of the terminal, instead of what stands there; an empty one takes it away. */
export function drawLine(text: string): void {
  process.stderr.write(`\r\u001b[K${text}`)
}
