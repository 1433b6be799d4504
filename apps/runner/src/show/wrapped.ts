/** Lines of at most `columns` characters, broken at blanks; only a longer word gets a longer line. Line breaks stay. */
export function wrapped(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = ['']
    for (const word of paragraph.split(' ')) {
      const line = lines[lines.length - 1] ?? ''
      if (line === '') lines[lines.length - 1] = word
      else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`
      else lines.push(word)
    }
    return lines
  })
}
