/** A part of a text file that is remembered on its own. */
export interface Chunk {
  text: string
  /** Where it begins, from 1. */
  line: number
  /** The Markdown heading that it stands under. */
  heading?: string | undefined
}

/** Characters: about as much as embedding models of 512 tokens read. */
const longest = 2000
/** Shorter paragraphs are joined with the next one: alone they say too little to be found. */
const shortest = 200

/** Splits text at blank lines and headings, never inside a fenced block that fits. */
export function splitText(text: string): Chunk[] {
  const chunks: Chunk[] = []
  let heading: string | undefined
  for (const block of blocks(text)) {
    const title = /^#{1,6}\s+(.+?)\s*#*$/m.exec(block.text.split('\n')[0] ?? '')?.[1]
    if (title !== undefined) heading = title
    const last = chunks.at(-1)
    const joins =
      last &&
      title === undefined &&
      last.heading === heading &&
      (last.text.length < shortest || block.text.length < shortest)
    if (joins && last.text.length + block.text.length <= longest) last.text += `\n\n${block.text}`
    else chunks.push(...pieces(block).map((piece) => ({ ...piece, heading })))
  }
  return chunks
}

/** Paragraphs, headings and fenced blocks. */
function blocks(text: string): Chunk[] {
  const found: Chunk[] = []
  let fence: string | undefined
  let open: Chunk | undefined
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trimEnd()
    const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1]
    if (fence === undefined && (line === '' || /^#{1,6}\s/.test(line))) open = undefined
    if (line !== '' || fence !== undefined) {
      if (open) open.text += `\n${line}`
      else {
        open = { text: line, line: index + 1 }
        found.push(open)
      }
    }
    if (mark !== undefined) fence = fence === undefined ? mark : mark.startsWith(fence) ? undefined : fence
  }
  return found.filter((block) => /\S/.test(block.text))
}

/** Cuts what is too long where it hurts least: after a line, else a sentence, else a word, else anywhere. */
function pieces({ text, line }: Chunk): Chunk[] {
  const cut: Chunk[] = []
  let rest = text
  let at = line
  while (rest.length > longest) {
    const window = rest.slice(0, longest)
    const ends = [window.lastIndexOf('\n'), window.search(/[.!?][^.!?]*$/), window.lastIndexOf(' ')]
    const end = ends.find((place) => place > longest / 2) ?? longest - 2
    // Never between the halves of a surrogate pair.
    const whole = /[\ud800-\udbff]$/.test(rest.slice(0, end + 1)) ? end + 2 : end + 1
    cut.push({ text: rest.slice(0, whole).trimEnd(), line: at })
    at += rest.slice(0, whole).split('\n').length - 1
    rest = rest.slice(whole)
  }
  if (/\S/.test(rest)) cut.push({ text: rest, line: at })
  return cut
}
