/** The first interrupt ends sessions and releases the embedded database; a second one does not wait for that. */
export function closeOnInterrupt(context: { close(): Promise<void> }): { ending(): Promise<void> } {
  const statusOf = { SIGINT: 130, SIGTERM: 143 } as const
  let ending: Promise<void> | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(statusOf[signal])
      ending = context.close().finally(() => process.exit(statusOf[signal]))
    })
  }
  return { ending: async () => ending }
}
