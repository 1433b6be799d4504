import { expect, test } from 'vitest'
import { refusal } from '../../../test/refusals.ts'
import { defineCommand } from '../src/command.ts'
import { commandPage } from '../src/command-line/help.ts'
import { parseArguments } from '../src/command-line/parse-arguments.ts'

const command = defineCommand({
  summary: 'Draw a picture',
  operands: 'SHAPE [COLOUR...]',
  options: {
    frame: { type: 'boolean', negatable: true, description: 'Draw a frame' },
    size: { type: 'string', short: 's', value: 'N', description: 'How large' },
    tag: { type: 'string', multiple: true, value: 'TAG', description: 'A tag' },
    out: { type: 'string', default: 'drawing.svg', value: 'FILE', description: 'Where to' },
  },
  async run() {
    return undefined
  },
})
const parsed = (...args: string[]) => parseArguments(command, 'athena draw', args)

test('flags become values of their kind, and what was not given is undefined', async () => {
  const { options, operands } = await parsed('circle', '-s', '3', '--tag', 'a', '--tag=b', 'red', '--json')
  expect({ ...options }).toEqual({ out: 'drawing.svg', size: '3', tag: ['a', 'b'], json: true })
  expect(operands).toEqual(['circle', 'red'])
})

test('a negatable flag is true, false or not given', async () => {
  expect((await parsed('circle', '--frame')).options.frame).toBe(true)
  expect((await parsed('circle', '--no-frame')).options.frame).toBe(false)
  expect((await parsed('circle')).options.frame).toBeUndefined()
})

test('what follows -- is no flag', async () => {
  expect((await parsed('--', '--circle')).operands).toEqual(['--circle'])
})

test.each([
  [[], 'missing_operand', 'athena draw needs SHAPE'],
  [['circle', '--no-size'], 'unknown_flag', 'athena draw has no flag --no-size'],
  [['circle', '--frme'], 'unknown_flag', 'athena draw has no flag --frme'],
  [['circle', '--size'], 'malformed_flag', expect.stringContaining("'-s, --size <value>' argument missing")],
])('%j is refused with %s', async (args, code, message) => {
  expect(await refusal(() => parsed(...args))).toMatchObject({ code, message, exit: 2 })
})

test('a flag that is not given has its preset value', async () => {
  expect((await parsed('circle')).options.out).toBe('drawing.svg')
  expect((await parsed('circle', '--out', 'other.svg')).options.out).toBe('other.svg')
})

test('help shows what is preset, what can be negated, and every flag', () => {
  const page = commandPage(['draw'], command)
  expect(page).toContain('Usage: athena draw SHAPE [COLOUR...] [OPTIONS]')
  for (const flag of ['--[no-]frame', '-s, --size N', '--tag TAG', '--out FILE', '--database-url URL', '-h, --help']) {
    expect(page).toContain(flag)
  }
})
