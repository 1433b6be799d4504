import { allCommands, loadCommand } from '../../apps/runner/src/find-command.ts'
import { targetsFile } from '../../apps/runner/src/fleet/targets-schema.ts'
import { errorOutput, type JsonSchema } from '../../apps/runner/src/json-shapes.ts'
import type { Page } from './page.ts'

/** docs/reference/json/: the JSON Schema of what each command prints with --json, of an error, and of the file of --targets. */
export async function pages(): Promise<readonly Page[]> {
  const commands = await Promise.all(
    allCommands().map(async (words) => {
      const { output, summary } = await loadCommand(words)
      return output && page(words.join('-'), `athena ${words.join(' ')} --json`, summary, output)
    }),
  )
  const error = page('error', 'An error', 'What any command prints with --json when it fails.', errorOutput)
  const targets = page('targets', 'A targets file', 'Databases for --targets.', targetsFile)
  return [error, targets, ...commands.filter((each) => each !== undefined)]
}

function page(name: string, title: string, description: string, schema: JsonSchema): Page {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:athena-pg:json:${name}` }
  const document = { ...head, title, description, ...schema }
  return { path: `docs/reference/json/${name}.schema.json`, text: `${JSON.stringify(document, null, 2)}\n` }
}
