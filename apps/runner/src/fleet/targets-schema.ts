import { closed, type JsonSchema, text } from '../json-shapes.ts'

const variables: JsonSchema = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
}

const target: JsonSchema = {
  ...closed(
    {
      name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$' },
      url: { type: 'string', minLength: 1 },
      urlEnv: { type: 'string', minLength: 1, description: 'Name of the environment variable that holds the URL' },
      urlFile: { type: 'string', minLength: 1, description: 'File that holds the URL, relative to this file' },
      variables,
      canary: { type: 'boolean', description: 'Goes first, alone' },
    },
    ['url', 'urlEnv', 'urlFile', 'variables', 'canary'],
  ),
  oneOf: ['url', 'urlEnv', 'urlFile'].map((way) => ({ type: 'object', properties: { [way]: true }, required: [way] })),
}

const list: JsonSchema = { type: 'array', items: target, minItems: 1 }

/** The file of --targets, for editors; what it cannot say, such as a name that is given twice, is found when it is read. */
export const targetsFile: JsonSchema = { anyOf: [list, closed({ $schema: text, targets: list }, ['$schema'])] }
