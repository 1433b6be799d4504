import {
  type Applied,
  type BatchProgress,
  describeBlocker,
  describeHolder,
  type IndexProgress,
  type PlanEvents,
} from '@athena-pg/migrator'
import { bar, drawLine } from './show/bar.ts'

/** Follows a run whose result is printed by somebody else. */
export interface Watch {
  /** Gets the lines that would else be on stdout. */
  line?: ((line: string) => void) | undefined
  applied(item: Applied): void
}

interface Terminal {
  print(line: string): void
  talk(line: string): void
  isTerminal: boolean
  watch?: Watch | undefined
}

/** Tells a run as it goes on: a line per step on stdout, waits and progress on stderr. */
export function reportTo({ print, talk, isTerminal, watch }: Terminal, isJson: boolean): PlanEvents {
  const line = watch?.line ?? print
  const isQuiet = isJson && watch?.line === undefined
  let hasBar = false
  let building = ''
  let toldAt = Number.NEGATIVE_INFINITY
  const draw = (text: string): void => {
    drawLine(text)
    hasBar = text !== ''
  }
  const clear = (): void => {
    if (hasBar) draw('')
  }
  const say = (line: string): void => {
    clear()
    talk(line)
  }
  return {
    waiting: (holder) => say(`waiting for the migration lock: ${describeHolder(holder)} holds it`),
    resumed: ({ package: name, file }, done) =>
      say(`${name}/${file.name} was interrupted; going on after ${done} of its statements`),
    blocked: ({ what, blockers }) => {
      for (const blocker of blockers.slice(0, 3)) say(`${what}: waits for a lock held by ${describeBlocker(blocker)}`)
    },
    retry: ({ what, attempt, pause }) => say(`${what}: lock timeout, try ${attempt + 1} in ${Math.round(pause)} ms`),
    progress: (progress) => {
      if (isTerminal) draw(barOf(progress))
      else if (!isQuiet && progress.phase !== '' && progress.index !== building) {
        // Without a terminal, only builds that last are worth a line.
        building = progress.index
        talk(`building ${progress.index}: ${progress.phase}`)
      }
    },
    batched: (batch) => {
      const now = performance.now()
      if (isTerminal) draw(batchOf(batch))
      else if (!isQuiet && now - toldAt > 5000) {
        // Without a terminal, a line every few seconds tells as much as one for each batch.
        toldAt = now
        talk(batchOf(batch))
      }
    },
    applied: (item) => {
      const { id, kind, direction, milliseconds } = item
      clear()
      watch?.applied(item)
      if (!isQuiet)
        line(
          `${direction === 'up' ? 'applied' : 'took back'} ${kind === 'function' ? 'function ' : ''}${id} (${duration(milliseconds)})`,
        )
    },
    leftOut: ({ package: name, name: file }, reason) => say(`function ${name}/${file} was not put back: ${reason}`),
  }
}

function barOf({ index, partition, phase, done, waitsFor }: IndexProgress): string {
  const share = done ?? 0
  const where = partition === undefined ? '' : ` ${partition.number}/${partition.of}`
  const wait = waitsFor === undefined ? '' : ` (waits for pid ${waitsFor})`
  return `${bar(share)} ${String(Math.round(share * 100)).padStart(3)} % ${index}${where} ${phase}${wait}`
}

function batchOf({ id, rows, seconds, tableRows }: BatchProgress): string {
  const rate = `${count(Math.round(rows / Math.max(seconds, 0.001)))}/s`
  const of = tableRows === undefined ? '' : `; its table has about ${count(tableRows)}`
  return `${id}: ${count(rows)} rows changed so far, ${rate}${of}`
}

function count(rows: number): string {
  return rows.toLocaleString('en-US')
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
