/** JSON, and where each of its values begins. */
export interface LocatedJson {
  value: unknown
  /** By path (`variables.embedding_type`, `packages.0`): of the key of a member, of the value of an element. */
  offsets: ReadonlyMap<string, number>
  /** Members that are named twice; the last one counts. */
  repeated: readonly { path: string; offset: number }[]
}

/** Where a text stops being JSON. */
export class JsonFault extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/**
 * JSON.parse tells neither where values are nor, for short texts, where a fault is.
 * @throws JsonFault
 */
export function parseJson(text: string): LocatedJson {
  const offsets = new Map<string, number>()
  const repeated: { path: string; offset: number }[] = []
  const tokens = text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g)
  let token = tokens.next().value
  const parsed = value('')
  if (token) throw unexpected()
  return { value: parsed, offsets, repeated }

  function value(path: string): unknown {
    const [start] = token ?? []
    if (start === '{') return members(path)
    if (start === '[') return elements(path)
    return scalar('a value')
  }

  function members(path: string): Record<string, unknown> {
    const found: Record<string, unknown> = {}
    list('}', () => {
      const offset = token?.index ?? text.length
      if (!token?.[0].startsWith('"')) throw unexpected('a name in double quotes')
      const name = scalar('a name in double quotes') as string
      const inner = joined(path, name)
      if (offsets.has(inner)) repeated.push({ path: inner, offset })
      offsets.set(inner, offset)
      if (token?.[0] !== ':') throw unexpected('":"')
      advance()
      found[name] = value(inner)
    })
    return found
  }

  function elements(path: string): unknown[] {
    const found: unknown[] = []
    list(']', () => {
      const inner = joined(path, String(found.length))
      offsets.set(inner, token?.index ?? text.length)
      found.push(value(inner))
    })
    return found
  }

  function list(end: '}' | ']', item: () => void): void {
    advance()
    let more = token?.[0] !== end
    while (more) {
      item()
      if (token?.[0] !== ',' && token?.[0] !== end) throw unexpected(`"," or "${end}"`)
      more = token[0] === ','
      if (more) advance()
    }
    advance()
  }

  function scalar(wanted: string): unknown {
    if (!token) throw unexpected(wanted)
    let found: unknown
    try {
      found = JSON.parse(token[0])
    } catch {
      throw unexpected(wanted)
    }
    advance()
    return found
  }

  function advance(): void {
    token = tokens.next().value
  }

  function unexpected(wanted = 'nothing more'): JsonFault {
    // What stands in the wrong place may be a password.
    const found = !token ? 'the end of the file' : /^[{}[\],:]$/.test(token[0]) ? `"${token[0]}"` : 'something else'
    return new JsonFault(token?.index ?? text.trimEnd().length, `not JSON: ${found} stands where ${wanted} is expected`)
  }
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
