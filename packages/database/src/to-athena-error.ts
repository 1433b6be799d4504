import { type ConnectionTarget, connectingFault } from './connecting-fault.ts'
import { AthenaError, type ErrorParts } from './errors.ts'
import { isServerError, serverErrorParts } from './server-error.ts'

/**
 * Gives an expected failure its code, message, detail and hint: errors of the server (code: SQLSTATE) and of the connection.
 * What is not recognised is returned as it is: it is a bug, and its stack matters.
 * @param target given while connecting
 */
export function toAthenaError(error: unknown, target?: ConnectionTarget): unknown {
  if (error instanceof AthenaError || !(error instanceof Error)) return error
  const parts = target === undefined ? sessionFault(error) : connectingFault(error, target)
  return parts ? new AthenaError({ ...parts, cause: error }) : error
}

function sessionFault(error: Error): ErrorParts | undefined {
  if (isLost(error)) {
    return {
      code: 'connection_lost',
      message: 'the connection to the server was lost',
      detail: error.message,
      hint: 'The log of the server says why: it was stopped, or it ended this session. Then run the command again.',
    }
  }
  return isServerError(error) ? serverErrorParts(error) : undefined
}

function isLost(error: Error): boolean {
  if (/^Connection terminated|is not queryable$/.test(error.message)) return true
  // 57P01, 57P02: an administrator stopped the session, or a crash of another one did.
  return 'code' in error && ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', '57P01', '57P02'].includes(String(error.code))
}
