import type { EmbeddingType } from '../facts/server-facts.ts'
import { embeddingBytes } from './embedding-type.ts'

const page = 8192
/** Of a page: less its header of 24 bytes and pgvector's 8 at the end. */
const room = page - 32
const linePointer = 4
const align = (bytes: number) => 8 * Math.ceil(bytes / 8)

/**
 * Bytes on disk that one row takes in a freshly built HNSW index. A row is two items, kept on one page where they fit
 * together: the element (72 bytes and the value) and its neighbours (6 bytes each, m a level and m more on the ground).
 * Rows are laid on pages one by one, since what counts is how many fit: 768 dimensions of halfvec take 2,048 bytes, a quarter
 * of a page, although they are 1,824.
 */
export function hnswBytesPerRow(dimensions: number, type: EmbeddingType, m: number): number {
  const element = align(72 + embeddingBytes(dimensions, type))
  // Enough for every level to be there, few enough that the first call, before anything is compiled, costs nothing.
  const rows = 256
  let pages = 1
  let free = room
  const fits = (bytes: number) => bytes <= free - linePointer
  const turn = () => {
    pages++
    free = room
  }
  for (let row = 1; row <= rows; row++) {
    const neighbours = align(4 + 6 * m * (levelOf(row, m) + 2))
    const both = element + linePointer + neighbours
    const together = both <= room - linePointer
    if (!fits(together ? both : element)) turn()
    free -= element + linePointer
    if (!fits(neighbours)) turn()
    free -= neighbours + linePointer
  }
  return Math.ceil(((pages - free / room) * page) / rows)
}

/** As many rows on each level as chance would put there, one in m, m², …, but without chance: evenly spread fractions. */
function levelOf(row: number, m: number): number {
  const fraction = (row * 0.6180339887498949) % 1
  return Math.floor(-Math.log(fraction) / Math.log(m))
}

/** Bytes on disk of a freshly built IVFFlat index: rows, of which each list fills its last page half, and the centres. */
export function ivfflatBytes(rows: number, dimensions: number, type: EmbeddingType, lists: number): number {
  const value = embeddingBytes(dimensions, type)
  const perPage = (bytes: number) => Math.max(1, Math.floor(room / (align(bytes) + linePointer)))
  const rowsOnPage = perPage(8 + value)
  const rowPages = rows / rowsOnPage + (lists * (rowsOnPage - 1)) / rowsOnPage / 2
  return Math.ceil(rowPages + lists / perPage(8 + value) + 1) * page
}
