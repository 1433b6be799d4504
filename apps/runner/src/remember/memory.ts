/** A memory to be stored; what is left out has the default of the table. */
export interface Memory {
  content: string
  memory_type?: string
  domain?: string
  content_type?: string
  tags?: readonly string[]
  metadata?: Readonly<Record<string, unknown>>
  embedding?: readonly number[]
  confidence?: number
  language?: string
  session_id?: string
  event_kind?: string
  /** ISO 8601. */
  created_at?: string
}

/** Something wrong with the input, at a line of a file. */
export interface InputFault {
  file: string
  line: number
  text: string
}
