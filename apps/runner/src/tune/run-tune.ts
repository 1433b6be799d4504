import { AthenaError } from '@athena-pg/database'
import { outputs, type Recommendation, type RenderOptions, recommend, render } from '@athena-pg/policy'
import { didYouMean } from '../command-line/did-you-mean.ts'
import type { Context } from '../context.ts'
import type { factOptions, outputOptions } from './options.ts'
import { readFacts } from './read-facts.ts'
import { summaryLines } from './summary-lines.ts'

/** @throws AthenaError unknown_output, foreign_file; those of readFacts; PolicyError memory_too_small */
export async function runTune(context: Context<typeof factOptions & typeof outputOptions>): Promise<undefined> {
  const { options, json, print, talk } = context
  if (!outputs.some(({ name }) => name === options.output)) throw await unknownOutput(options.output)
  const read = await readFacts(context)
  const recommendation = recommend(read.facts)
  const files = render(recommendation, options.output, {
    ...(read.profile !== undefined && { profile: read.profile }),
    ...(options.output === 'sysctl' && (await hugePages(context, recommendation))),
  })
  const { facts, settings, memory, pools, vectors, tables, warnings } = recommendation
  const { origins, profile } = read
  if (options.write !== undefined) {
    const { writeFiles } = await import('./write-files.ts')
    const written = writeFiles(context, options.write, files)
    if (!json) for (const each of written) print(`wrote ${each}`)
  }
  if (json) {
    const answer = { facts, origins, profile, settings, memory, pools, vectors, tables, warnings, files }
    print(JSON.stringify(answer))
    return
  }
  if (options.write === undefined) {
    print((files[0]?.content ?? '').replace(/\n$/, ''))
    const others = files.slice(1).map(({ name }) => name)
    if (others.length > 0) talk(`not printed: ${others.join(', ')}; --write FOLDER writes all ${files.length} files`)
  }
  for (const line of summaryLines(recommendation, read)) talk(line)
}

/** Exact where a PostgreSQL of that version is here to be asked; else the policy reckons, and says so. */
async function hugePages(
  { env, cwd }: Pick<Context, 'env' | 'cwd'>,
  recommendation: Recommendation,
): Promise<RenderOptions> {
  const { exactHugePages } = await import('../prove/exact-huge-pages.ts')
  const count = await exactHugePages(recommendation, { env, cwd })
  return count === undefined ? {} : { hugePages: count }
}

async function unknownOutput(given: string): Promise<AthenaError> {
  const names = outputs.map(({ name }) => name)
  return new AthenaError({
    code: 'unknown_output',
    message: `there is no output "${given}"`,
    detail: outputs.map(({ name, summary }) => `${name}: ${summary}`).join('\n'),
    hint: (await didYouMean(given, names, (name) => `--output ${name}`)) ?? 'For example: --output postgresql.conf',
    exit: 2,
  })
}
