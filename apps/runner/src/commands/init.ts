import { join } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { defineCommand } from '../command.ts'
import { configName } from '../config/find-config.ts'
import { closed, listOf, text } from '../json-shapes.ts'

const configShape = closed(
  {
    packages: listOf(text),
    migrations: text,
    variables: { type: 'object', additionalProperties: { type: ['string', 'integer'] } },
  },
  ['migrations'],
)

export const command = defineCommand({
  summary: 'Write athena.config.json: what cannot be changed once the store is installed',
  details: `Asks on a terminal, unless a flag below is given; what is not answered has its default.
"migrations" and "functions" are set where there are folders of these names.`,
  examples: ['athena init', 'athena init --dimensions 384 --language german'],
  options: {
    dimensions: {
      type: 'string',
      value: 'N',
      description: 'Dimensions of your embedding model (embedding_dimensions)',
    },
    type: { type: 'string', value: 'halfvec|vector', description: 'Type of the embeddings (embedding_type)' },
    layout: {
      type: 'string',
      value: 'hash|list',
      description: 'How memories are partitioned by project (project_layout)',
    },
    language: {
      type: 'string',
      value: 'NAME',
      description: 'Text search configuration, such as german (text_search_config)',
    },
    'vector-index': { type: 'string', value: 'hnsw|ivfflat', description: 'Kind of the vector index (vector_index)' },
    force: { type: 'boolean', description: 'Overwrite the file' },
    'dry-run': { type: 'boolean', description: 'Print the file, and write nothing' },
  },
  output: { oneOf: [closed({ file: text, config: configShape }), configShape] },
  async run({ options, json, cwd, configFile, isTerminal, print, talk }) {
    const [
      { declarationsOf, resolveVariables },
      { packagesOf },
      { defaultPackages },
      { newConfig, refuseExisting, writeConfig },
    ] = await Promise.all([
      import('@athena-pg/migrator'),
      import('../migrations.ts'),
      import('../config/config.ts'),
      import('../init/write-config.ts'),
    ])
    const file = options.config === undefined ? join(cwd, configName) : (configFile as string)
    if (!options.force && !options['dry-run']) refuseExisting(file)
    const declarations = declarationsOf(packagesOf({ project: cwd, packages: [...defaultPackages], variables: {} }))
    const given: Record<string, string> = {}
    for (const [flag, variable] of Object.entries(variableOf)) {
      const value = options[flag as keyof typeof variableOf]
      if (value !== undefined) given[variable] = value
    }
    const names = Object.values(variableOf)
    const unasked = isTerminal && !json && Object.keys(given).length === 0
    const answers = unasked ? await (await import('../init/ask-variables.ts')).askVariables(names, declarations) : given
    const values = checked(() => resolveVariables(declarations, { given: answers, recorded: {} }))
    const config = newConfig(file, Object.fromEntries(names.map((name) => [name, values.get(name) as string])))
    if (options['dry-run']) {
      print(JSON.stringify(config, null, json ? 0 : 2))
      return
    }
    writeConfig(file, config)
    print(json ? JSON.stringify({ file, config }) : `wrote ${file}`)
    talk('next: athena migrate up')
  },
})

/** The migrator's hint speaks of a file that is not written yet. */
function checked<T>(resolve: () => T): T {
  try {
    return resolve()
  } catch (error) {
    if (!(error instanceof AthenaError)) throw error
    const { code, message, detail } = error
    throw new AthenaError({ code, message, detail, hint: 'See athena init --help. Nothing was written.', exit: 2 })
  }
}

const variableOf = {
  dimensions: 'embedding_dimensions',
  type: 'embedding_type',
  layout: 'project_layout',
  language: 'text_search_config',
  'vector-index': 'vector_index',
} as const
