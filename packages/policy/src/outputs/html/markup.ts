/** A piece of HTML: what is in it was escaped. */
export interface Markup {
  readonly markup: string
}

type Piece = Markup | readonly Markup[] | string | number

/** A template whose values are escaped, unless they are markup themselves: nothing that somebody typed can become a tag. */
export function html(literals: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const texts = literals.map((literal, at) => literal + (at < pieces.length ? written(pieces[at] as Piece) : ''))
  return { markup: texts.join('') }
}

export const nothing: Markup = { markup: '' }

function written(piece: Piece): string {
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('\n')
}

const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => names[character] ?? '')
}

/** A name in which a line may break after an underscore. */
export function breakable(name: string): Markup {
  return { markup: escaped(name).replaceAll('_', '_<wbr>') }
}
