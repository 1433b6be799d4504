const empty = new Set(['meta', 'br', 'wbr', 'hr', 'input'])

/** Tags of a page that are not closed, or closed in the wrong order, and a < that begins no tag. */
export function unbalanced(page: string): string[] {
  const faults: string[] = []
  const open: string[] = []
  const text = page.replace(/<style>.*?<\/style>/s, '').replace(/^<!doctype html>/, '')
  for (const [tag] of text.matchAll(/<[^>]*>?/g)) {
    const match = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9-]+="[^"<]*")*)\s*(\/?)>$/.exec(tag)
    if (match === null) faults.push(`not a tag: ${tag}`)
    else if (match[1] === '/') {
      const last = open.pop()
      if (last !== match[2]) faults.push(`</${match[2]}> closes <${last}>`)
    } else if (match[4] !== '/' && !empty.has(match[2] ?? '')) open.push(match[2] ?? '')
  }
  return [...faults, ...open.map((name) => `<${name}> is not closed`)]
}
