/** Where each value of a JSON text begins; paths are written `variables.embedding_type`, `packages.0`. */
export interface JsonPlaces {
  /** Of the key of a member, of the value of an element. */
  offsets: ReadonlyMap<string, number>
  /** Members that are named twice, of which JSON.parse keeps only the last. */
  repeated: readonly { path: string; offset: number }[]
}

/** @param text JSON that JSON.parse accepts */
export function locateJson(text: string): JsonPlaces {
  const offsets = new Map<string, number>()
  const repeated: { path: string; offset: number }[] = []
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)
  value('', tokens.next().value)
  return { offsets, repeated }

  function value(path: string, token: RegExpExecArray | undefined): void {
    if (token?.[0] === '{') members(path)
    else if (token?.[0] === '[') elements(path)
  }

  function members(path: string): void {
    for (let key = tokens.next().value; key && key[0] !== '}'; key = tokens.next().value) {
      if (key[0] === ',') continue
      const inner = joined(path, JSON.parse(key[0]) as string)
      if (offsets.has(inner)) repeated.push({ path: inner, offset: key.index })
      offsets.set(inner, key.index)
      tokens.next()
      value(inner, tokens.next().value)
    }
  }

  function elements(path: string): void {
    let index = 0
    for (let token = tokens.next().value; token && token[0] !== ']'; token = tokens.next().value) {
      if (token[0] === ',') continue
      const inner = joined(path, String(index++))
      offsets.set(inner, token.index)
      value(inner, token)
    }
  }
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
