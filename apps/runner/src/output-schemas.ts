/** JSON Schema of parts that several commands print. */
const text = { type: 'string' } as const

/** What a run did, in order. */
export const appliedList = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'kind', 'direction', 'milliseconds'],
    additionalProperties: false,
    properties: {
      id: text,
      kind: { enum: ['migration', 'function'] },
      direction: { enum: ['up', 'down'] },
      milliseconds: { type: 'number' },
    },
  },
} as const

/** A plan, as `planAsJson` makes it. */
export const planSchema = {
  type: 'object',
  required: ['direction', 'migrations', 'functions'],
  additionalProperties: false,
  properties: {
    direction: { enum: ['up', 'down'] },
    migrations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'package', 'file', 'checksum', 'statements', 'transaction', 'variables'],
        additionalProperties: false,
        properties: {
          id: text,
          package: text,
          file: text,
          checksum: text,
          statements: { type: 'integer' },
          transaction: { type: 'boolean' },
          variables: { type: 'object', additionalProperties: text },
        },
      },
    },
    functions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['action', 'package', 'file'],
        additionalProperties: false,
        properties: { action: { enum: ['apply', 'drop'] }, package: text, file: text },
      },
    },
  },
} as const
