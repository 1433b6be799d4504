import type { OpenBinary } from './open-binary.ts'
import { type ConfText, confLines, located, type Refusal, refusalsOf } from './refusals.ts'
import { type EffectiveSetting, isSameValue } from './same-value.ts'
import { serverMessages } from './server-messages.ts'
import { quiet, runSingleUser, type SingleUser, spared } from './single-user.ts'

export interface ConfProof {
  /** None: the server takes the file, and every value in it counts as written. */
  readonly refusals: readonly Refusal[]
  /** How many settings were compared with what the server made of them. */
  readonly checked: number
  readonly notChecked: readonly { readonly setting: string; readonly reason: string }[]
  /** Exact, in bytes; undefined: refused, or PostgreSQL 14, which cannot tell. */
  readonly sharedMemory?: number
  /** How many of this machine's default size; undefined where it has none. */
  readonly hugePages?: number
  /** Every setting of the server with this file; empty where it did not start. */
  readonly settings: ReadonlyMap<string, EffectiveSetting>
}

/** Text to be written, or a file that is there, with which its includes work. */
export type Conf = { readonly content: string } | ConfText

/**
 * Lets a real PostgreSQL judge a configuration, whatever the size of this machine: computes its shared memory, which parses
 * the file, loads its libraries and makes the cross checks of a start, but allocates nothing; then starts it for a single
 * user with little memory and compares every setting with pg_settings, since a value that an extension refuses is only a
 * warning there.
 * @param emitted what the file has to set; undefined: whatever it sets
 */
export async function proveConf(
  binary: OpenBinary,
  conf: Conf,
  emitted?: readonly { readonly name: string; readonly value: string }[],
): Promise<ConfProof> {
  const name = 'postgresql.conf'
  const text = 'path' in conf ? conf : { ...conf, name, path: await binary.write(name, conf.content) }
  const common = ['-D', binary.data, '-c', `config_file=${text.path}`, '-c', `data_directory=${binary.data}`]
  const deep =
    binary.major < 15 ? undefined : await binary.run('postgres', [...common, ...quietFlags, '-C', 'shared_memory_size'])
  const atStart = deep === undefined || deep.status === 0 ? [] : refusalsOf(deep, text)
  const single = await runSingleUser(binary, common, librariesOf(binary, text))
  if (single.status !== 0) {
    const refusals = distinct([...atStart, ...refusalsOf(single, text)])
    return { refusals, checked: 0, notChecked: [], settings: new Map() }
  }
  const { settings, hugePages } = await askForTheRest(binary, common, single)
  const compared = compare(binary, text, { ...single, settings }, emitted)
  const sharedMemory = deep?.status === 0 ? Number(deep.stdout) * 2 ** 20 : undefined
  return {
    refusals: distinct([...atStart, ...compared.refusals]),
    checked: compared.checked,
    notChecked: compared.notChecked,
    ...(sharedMemory !== undefined && { sharedMemory }),
    // -1 where the machine has no huge pages at all.
    ...(sharedMemory !== undefined && hugePages > 0 && { hugePages }),
    settings,
  }
}

const quietFlags = Object.entries(quiet).flatMap(([name, value]) => ['-c', `${name}=${value}`])

/** Puts what the server makes of the file in place of what was set for the sake of the look; and counts huge pages. */
async function askForTheRest(
  binary: OpenBinary,
  common: readonly string[],
  { settings, file }: SingleUser,
): Promise<{ settings: Map<string, EffectiveSetting>; hugePages: number }> {
  const names = Object.keys({ ...quiet, ...spared }).filter((name) => file.has(name))
  const [pages, ...values] = await binary.outputs([
    [...common, ...quietFlags, '-C', 'shared_memory_size_in_huge_pages'],
    ...names.map((name) => [...common, '-C', name]),
  ])
  const own = names.flatMap((name, at) => {
    const row = settings.get(name)
    return row === undefined ? [] : [[name, { ...row, value: values[at]?.replace(/\n$/, '') ?? '' }] as const]
  })
  return { settings: new Map([...settings, ...own]), hugePages: Number(pages) }
}

/** Libraries that have a say about names with a dot. */
const libraryOf: Readonly<Record<string, string>> = { hnsw: 'vector', ivfflat: 'vector' }

function prefixOf(name: string): string | undefined {
  return /^(\w+)\./.exec(name)?.[1]
}

function librariesOf(binary: OpenBinary, { content }: ConfText): string[] {
  const lines = confLines(content)
  const own = lines.flatMap(({ name }) => prefixOf(name) ?? []).map((prefix) => libraryOf[prefix] ?? prefix)
  const preloaded = lines.findLast(({ name }) => name === 'shared_preload_libraries')?.value.split(/\s*,\s*/) ?? []
  // Before 15 single-user mode does not preload; loading them shows at least whether they are there.
  const wanted = binary.major < 15 ? [...preloaded, ...own] : own.filter((library) => !preloaded.includes(library))
  return [...new Set(wanted)].filter((library) => /^\w+$/.test(library))
}

function compare(
  { major }: OpenBinary,
  conf: ConfText,
  { stderr, settings, file }: SingleUser,
  emitted: Parameters<typeof proveConf>[2],
): Pick<ConfProof, 'refusals' | 'checked' | 'notChecked'> {
  const messages = serverMessages(stderr)
  const absent = new Set(messages.flatMap(({ message }) => /could not access file "([^"]+)"/.exec(message)?.[1] ?? []))
  const preloaded = (settings.get('shared_preload_libraries')?.value ?? '').split(/\s*,\s*/)
  const refusals: Refusal[] = []
  const notChecked: { setting: string; reason: string }[] = []
  let checked = 0
  for (const library of preloaded.filter((each) => absent.has(each))) {
    const message = `could not access file "${library}": No such file or directory`
    refusals.push(located({ message }, conf))
  }
  for (const { name, value } of emitted ?? []) {
    const read = file.get(name.toLowerCase())
    if (read?.text !== value)
      refusals.push(
        located({ message: `parameter "${name}" is ${read?.text ?? 'not set'} in the file, not ${value}` }, conf),
      )
  }
  for (const { name, text } of file.values()) {
    const prefix = prefixOf(name)
    const library = prefix && (libraryOf[prefix] ?? prefix)
    const actual = settings.get(name)
    const reason = actual === undefined && library ? reasonNotToCheck(library) : undefined
    if (reason !== undefined) {
      notChecked.push({ setting: name, reason })
      continue
    }
    checked++
    if (actual !== undefined && isSameValue(text, actual)) continue
    const words = messages.find(({ level, message }) => level === 'WARNING' && message.includes(`"${name}"`))
    const outcome = actual === undefined ? 'It counts for nothing.' : `It stays ${actual.value}${actual.unit ?? ''}.`
    refusals.push(
      words === undefined
        ? located({ message: `parameter "${name}" does not become ${text}`, detail: outcome }, conf)
        : located({ ...words, detail: [words.detail, outcome].filter(Boolean).join(' ') }, conf),
    )
  }
  return { refusals, checked, notChecked }

  function reasonNotToCheck(library: string): string | undefined {
    if (absent.has(library)) return `this binary has no ${library}`
    if (major < 15 && preloaded.includes(library)) return `PostgreSQL ${major} does not preload in single-user mode`
    return undefined
  }
}

function distinct(refusals: readonly Refusal[]): Refusal[] {
  return [...new Map(refusals.map((each) => [each.message, each])).values()]
}
