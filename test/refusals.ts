import { AthenaError } from '@athena-pg/database'

/** The AthenaError that `work` throws or rejects with; anything else fails the spec. */
export async function refusal(work: () => unknown): Promise<AthenaError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AthenaError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
