import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { refusal } from '../../../test/refusals.ts'
import { confirm } from '../src/confirm.ts'

const asked = async (answer: string | undefined, yes = false, isTerminal = true) => {
  const input = new PassThrough()
  const output = new PassThrough()
  input.end(answer)
  try {
    return await confirm({ options: { yes }, isTerminal }, 'drop it all', input, output)
  } finally {
    expect(String(output.read() ?? '')).toContain(isTerminal && !yes ? 'drop it all? [y/N] ' : '')
  }
}

test.each(['y\n', 'yes\n', ' YES \n', 'y'])('%j goes on', async (answer) => {
  await asked(answer)
})

test.each(['n\n', '\n', 'yesterday\n', 'ja\n', '', undefined])('%j does not', async (answer) => {
  expect(await refusal(() => asked(answer))).toMatchObject({ code: 'not_confirmed', exit: 1 })
})

test('--yes is not asked, with or without a terminal', async () => {
  await asked('n\n', true)
  await asked('n\n', true, false)
})

test('without a terminal nobody is asked, and the question is told', async () => {
  expect(await refusal(() => asked('y\n', false, false))).toMatchObject({
    code: 'confirmation_needed',
    detail: expect.stringContaining('drop it all?'),
    hint: expect.stringContaining('--yes'),
    exit: 2,
  })
})
