/** Asks again and again until the answer is not undefined, null or false; fails loudly when it stays so. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false>,
  milliseconds = 50_000,
): Promise<T> {
  const giveUp = Date.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer
    if (Date.now() > giveUp) throw new Error(`waited ${milliseconds} ms in vain for ${what}`)
    await pause(20)
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
