import { defineCommand } from '../command.ts'
import { closed, count, listOf, text } from '../json-shapes.ts'
import { drawLine } from '../show/bar.ts'

export const command = defineCommand({
  summary: 'Remember text files or JSON lines',
  operands: 'FILE...',
  details: `Text is split into paragraphs, each with its file, line and heading as metadata. JSON lines (.jsonl, .ndjson) are objects with "content" and, as you like, memory_type, domain, content_type, tags, metadata, embedding, confidence, language, session_id, event_kind, created_at. The file - is standard input.
What the project already remembers is skipped and counted. All or nothing: a bad line is reported, and nothing is stored.`,
  examples: [
    'athena remember README.md docs/*.md --project demo',
    `echo '{"content": "Deploys happen on Tuesdays", "tags": ["ops"]}' | athena remember - --project demo`,
  ],
  options: {
    project: {
      type: 'string',
      default: 'default',
      value: 'NAME',
      description: 'The project that remembers; created if missing',
    },
    type: { type: 'string', value: 'TYPE', description: 'memory_type of what does not say its own (fact)' },
    domain: { type: 'string', value: 'DOMAIN', description: 'domain of what does not say its own (memory)' },
    tag: {
      type: 'string',
      multiple: true,
      value: 'TAG',
      description: 'Tag to add to each; may be given several times',
    },
    format: { type: 'string', value: 'text|jsonl', description: 'Of the files; else by their names' },
    'dry-run': { type: 'boolean', description: 'Read, check and count everything, and store nothing' },
  },
  output: closed({
    project: closed({ id: text, name: text }),
    remembered: count,
    known: count,
    files: listOf(closed({ file: text, remembered: count, known: count })),
  }),
  async run(context) {
    const { remember } = await import('../remember/remember.ts')
    const isShown = context.isTerminal && !context.json
    const { project, files } = await remember(context, isShown ? showCount : undefined).finally(() => {
      if (isShown) drawLine('')
    })
    const remembered = files.reduce((sum, file) => sum + file.remembered, 0)
    const known = files.reduce((sum, file) => sum + file.known, 0)
    if (context.json) context.print(JSON.stringify({ project, remembered, known, files }))
    else {
      const would = context.options['dry-run'] ? 'would remember' : 'remembered'
      context.print(`${would} ${remembered} in project ${project.name}${known > 0 ? `, ${known} already known` : ''}`)
      if (!context.options['dry-run']) context.talk(`next: athena search "words to look for" --project ${project.name}`)
    }
  },
})

function showCount(file: string, read: number): void {
  drawLine(`${file}: ${read} read`)
}
