/** A value as a terminal may show it: its control characters (an escape sequence clears the screen, or changes its title) as \xNN. */
export function visible(value: string): string {
  return value.replace(control, (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export const control: RegExp = /\p{Cc}/gu
