import { literal } from '@athena-pg/database'
import type { Column } from './catalogues.ts'
import type { ColumnRule } from './mapping.ts'
import { emptyIsNull } from './our-tables.ts'
import { isNumber, isText, isVector } from './suggest.ts'
import type { Expression } from './unit.ts'

export interface Conversion {
  rule: ColumnRule
  source: Column
  /** Our column. */
  ours: Column
  timeZone: string | undefined
}

/**
 * The value of our column from a source column that is read as text. All conversions are SQL, so that microseconds and numbers beyond
 * 2^53 pass through unharmed, and so that a value which cannot be converted fails where its row is written.
 */
export function expressionOf(conversion: Conversion): Expression {
  const { rule, ours } = conversion
  const plain = converted(conversion)
  const fallback = rule.default === undefined ? undefined : literal(String(rule.default))
  return (column) => {
    const value = `(${plain(column)})::${ours.type}`
    const otherwise = fallback === undefined ? ours.notNull && ours.default : `${fallback}::${ours.type}`
    return otherwise ? `coalesce(${value}, ${otherwise})` : value
  }
}

/** A member of one of our JSON columns, or a JSON value that is merged into it. */
export function memberOf({ rule, source }: Conversion): Expression {
  return (column) => {
    const read = column(source.name)
    const value = asJson(source.type, read)
    const empty = `'{}'::jsonb`
    return rule.key === undefined
      ? `coalesce(${value}, ${empty})`
      : `CASE WHEN ${read} IS NULL THEN ${empty} ELSE jsonb_build_object(${literal(rule.key)}, ${value}) END`
  }
}

/** Lower case with _, at most 63 bytes: the form of our vocabularies. */
export function word(read: string, words: Readonly<Record<string, string>> = {}): string {
  const parted = `regexp_replace(btrim(${read}), '([a-z0-9])([A-Z])', '\\1_\\2', 'g')`
  const form = `nullif(left(btrim(regexp_replace(lower(${parted}), '[^a-z0-9]+', '_', 'g'), '_'), 63), '')`
  const cases = Object.entries(words).map(
    ([found, becomes]) => `WHEN ${literal(found)} IN (${read}, ${form}) THEN ${literal(becomes)}`,
  )
  // What has no letter of ours stays as it is, so that it is refused and reported: only a null becomes the default.
  const otherwise = `coalesce(${form}, nullif(btrim(${read}), ''))`
  return cases.length === 0 ? otherwise : `CASE ${cases.join(' ')} ELSE ${otherwise} END`
}

function converted({ rule, source, ours, timeZone }: Conversion): Expression {
  return (column) => {
    const own = column(source.name)
    const read = rule.or === undefined ? own : `coalesce(${own}, ${column(rule.or)})`
    if (rule.as === 'word') return word(read, rule.words)
    if (rule.as === 'lower') return `lower(${read})`
    if (rule.as === 'milliseconds' || rule.as === 'seconds') {
      const micros = `(${read})::numeric * ${rule.as === 'seconds' ? 1_000_000 : 1_000}`
      const duration = `(${micros}) * interval '1 microsecond'`
      return ours.type === 'interval' ? duration : `timestamptz '1970-01-01 00:00:00+00' + ${duration}`
    }
    if (rule.as === 'scale') return scaled(read, rule)
    if (rule.as === 'list') return list(read, source.type)
    return cast(read, source.type, ours, timeZone)
  }
}

function cast(read: string, type: string, ours: Column, timeZone: string | undefined): string {
  if (isVector(ours.type)) {
    const numbers = type.endsWith('[]') ? `(${read})::real[]::${ours.type}` : `(${read})::${ours.type}`
    // An embedding of zeros is how some writers say that there is none.
    return `CASE WHEN ${read} ~ '[1-9]' THEN ${numbers} END`
  }
  if (ours.type === 'timestamp with time zone' && isNaive(type)) {
    return `(${read})::timestamp AT TIME ZONE ${literal(timeZone ?? 'UTC')}`
  }
  if (/^(smallint|integer|bigint)$/.test(ours.type) && isNumber(type)) return `round((${read})::numeric)`
  if (ours.type === 'text' && emptyIsNull.has(ours.name)) return `nullif(${read}, '')`
  return read
}

/** A time that does not say where. */
export function isNaive(type: string): boolean {
  return type === 'date' || /^timestamp(\(\d\))? without time zone$/.test(type)
}

function scaled(read: string, { from = [0, 1], onto = [0, 1] }: ColumnRule): string {
  const factor = (onto[1] - onto[0]) / (from[1] - from[0])
  return `${onto[0]}::numeric + ((${read})::numeric - (${from[0]})) * (${factor})`
}

function list(read: string, type: string): string {
  if (type.endsWith('[]')) return `(${read})::text[]`
  const json = `(${read})::jsonb`
  return `CASE WHEN ${read} IS NULL OR jsonb_typeof(${json}) = 'null' THEN NULL
    ELSE ARRAY(SELECT jsonb_array_elements_text(${json})) END`
}

function asJson(type: string, read: string): string {
  if (/^jsonb?$/.test(type)) return `(${read})::jsonb`
  if (type === 'boolean') return `to_jsonb((${read})::boolean)`
  if (isNumber(type)) return `to_jsonb((${read})::numeric)`
  if (type.endsWith('[]')) return `to_jsonb((${read})::${isNumber(type.slice(0, -2)) ? 'numeric' : 'text'}[])`
  return `to_jsonb(${isText(type) ? read : `(${read})`}::text)`
}
