import { hour, minute, second } from '../units.ts'

/** For reasons: `40 s`, `5 min`, `3.2 hours`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.ceil(milliseconds / second)} s`
  if (milliseconds < hour) return `${Math.round(milliseconds / minute)} min`
  return `${Number((milliseconds / hour).toFixed(1))} hours`
}
