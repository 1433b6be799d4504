import type { SearchResult } from './search-memories.ts'

/** Results for people: a line about each, and below it the part that was found. */
export function showResults(results: readonly SearchResult[], colour: boolean): string[] {
  return results.flatMap((result, index) => {
    const { score, memoryType, tags, id } = result
    const facts = [memoryType, ...tags.map((tag) => `#${plain(tag)}`), origin(result) ?? `id ${id}`]
    const head = `${index + 1}. ${score.toFixed(2)}  ${facts.join('  ')}`
    const text = plain(result.snippet).replace(/\s+/g, ' ').trim()
    return [...(index > 0 ? [''] : []), colour ? `\u001b[2m${head}\u001b[0m` : head, `   ${marked(text, colour)}`]
  })
}

function origin({ metadata }: SearchResult): string | undefined {
  const { file, line } = metadata
  return typeof file === 'string' ? plain(typeof line === 'number' ? `${file}:${line}` : file) : undefined
}

function marked(text: string, colour: boolean): string {
  return colour
    ? text.replaceAll('\u0001', '\u001b[1;33m').replaceAll('\u0002', '\u001b[0m')
    : text.replaceAll('\u0001', '').replaceAll('\u0002', '')
}

/** What was remembered is anybody's text: escape sequences in it must not reach the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => (kept.has(control) ? control : ''))
}

const kept: ReadonlySet<string> = new Set(['\n', '\t', '\u0001', '\u0002'])
