import { PolicyError } from '../../src/policy-error.ts'

/** The PolicyError that `work` throws; anything else fails the spec. */
export function policyRefusal(work: () => unknown): PolicyError {
  try {
    work()
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
