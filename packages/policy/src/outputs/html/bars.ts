import { html, type Markup } from './markup.ts'

export interface Slice {
  readonly name: string
  readonly bytes: number
  /** A variable of style.ts: `p0`. */
  readonly colour: string
}

const width = 1000

/** One bar whose slices stand side by side; it stretches to the page, so there is no text in it: the table below has that. */
export function stackedBar(slices: readonly Slice[], label: string): Markup {
  const sum = slices.reduce((total, { bytes }) => total + bytes, 0)
  let left = 0
  const drawn = slices.map(({ name, bytes, colour }) => {
    const x = left
    const wide = (bytes / sum) * width
    left += wide
    return html`<rect x="${round(x)}" y="0" width="${round(wide)}" height="44" fill="var(--${colour})" stroke="var(--card)" stroke-width="2" vector-effect="non-scaling-stroke"><title>${name}</title></rect>`
  })
  return html`<svg class="stack" viewBox="0 0 ${width} 44" preserveAspectRatio="none" role="img" aria-label="${label}">${drawn}</svg>`
}

/** A bar of `amount` on a scale up to `most`, with a line at `limit`. */
export function barWithLimit(amount: number, limit: number, most: number, colour: string): Markup {
  const x = (value: number): number => round((value / most) * width)
  return html`<svg class="bar" viewBox="0 0 ${width} 20" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="0" width="${width}" height="20" fill="var(--free)"/><rect x="0" y="3" width="${x(Math.min(amount, most))}" height="14" fill="var(--${colour})"/><line x1="${x(limit)}" x2="${x(limit)}" y1="0" y2="20" stroke="var(--ink)" stroke-width="2" stroke-dasharray="3 2" vector-effect="non-scaling-stroke"/></svg>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
