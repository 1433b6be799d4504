/** Bytes; binary multiples, as PostgreSQL means them. */
export const kB = 1024
export const MB: number = 1024 * kB
export const GB: number = 1024 * MB
export const TB: number = 1024 * GB
/** Milliseconds. */
export const second = 1000
export const minute: number = 60 * second
export const hour: number = 60 * minute
export const day: number = 24 * hour
