import { expect, test } from 'vitest'
import { migration } from '../../../test/packages.ts'
import { loadRules, showFinding, summaryOf, toSarif } from '../src/lint/index.ts'
import { lintText } from './linting.ts'

async function shown(text: string): Promise<string[]> {
  const [finding] = await lintText(text)
  if (finding === undefined) throw new Error('nothing was found')
  return showFinding(finding, false)
}

test('the caret stands under what is meant, behind wide characters and tabs too', async () => {
  const [, , line = '', caret = ''] = await shown('CREATE TABLE app.t (\t"表😀" text,\tid serial);')
  // Three characters of the name take two cells each, less one for the tab that is one unit.
  const cellsOf = (text: string) => [...text].reduce((sum, each) => sum + (/[表😀]/u.test(each) ? 2 : 1), 0)
  expect(line).not.toContain('\t')
  expect(caret.indexOf('^')).toBe(cellsOf(line.slice(0, line.indexOf('serial'))))
  expect(caret).toMatch(/^ {4}\| +\^{6}$/)
})

test('a long line is cut around what is meant', async () => {
  const columns = Array.from({ length: 40 }, (_, index) => `column_${index} text`).join(', ')
  const [, , line = '', caret = ''] = await shown(`CREATE TABLE app.t (${columns}, id serial, ${columns});`)
  expect(line.length).toBeLessThan(120)
  expect(line).toMatch(/^ {2}2 \| ….*, id serial, .*…$/)
  expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('serial')
})

test('what a terminal would obey is not printed', async () => {
  const lines = await shown("CREATE TABLE app.t (a text DEFAULT '\u001b[31m\u009b2J', id serial);")
  expect(lines.join('')).not.toMatch(/\p{Cc}/u)
})

test('colours come only where they are asked for', async () => {
  const [finding] = await lintText('DROP INDEX app.i;')
  if (finding === undefined) throw new Error('nothing was found')
  expect(showFinding(finding, true)[0]).toBe(
    '\u001b[1;33mwarning[blocking_index_drop]\u001b[0m 20260101000000_a.sql:2:1',
  )
  expect(showFinding(finding, false).join('')).not.toContain('\u001b')
})

test('no line of running text is wider than 100 columns', async () => {
  for (const { err } of await loadRules())
    for (const text of err)
      for (const line of (await shown(text)).slice(4))
        if (/^ {2,4}\w/.test(line) && !/^ {4}[ +-]/.test(line)) expect(line.length).toBeLessThanOrEqual(104)
})

test('the summary counts', async () => {
  const findings = await lintText(migration('DROP INDEX app.i;', 'REINDEX TABLE app.t;'))
  expect(summaryOf(findings, 3)).toBe('1 error and 1 warning in 1 of 3 files')
  expect(summaryOf([], 1)).toBe('1 file linted: no findings')
})

test('a path is a URI in SARIF, absolute or as it is', async () => {
  const [finding] = await lintText('DROP INDEX app.i;')
  if (finding === undefined) throw new Error('nothing was found')
  const uriOf = (file: string) =>
    JSON.stringify(toSarif([{ ...finding, file }], [], '1.0.0')).match(/"uri":"([^"]*)"/)?.[1]
  expect(uriOf('a b/#1?.sql')).toBe('a%20b/%231%3F.sql')
  expect(uriOf('../x/ä.sql')).toBe('../x/%C3%A4.sql')
  expect(uriOf('/srv/a b.sql')).toBe('file:///srv/a%20b.sql')
})
