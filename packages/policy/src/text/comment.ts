import { wrap } from './wrap.ts'

/** Widest line of a comment in a generated file. */
export const commentWidth = 110

/** Comment lines, each after `mark`: `#`, `--`, `;`. Line breaks in the text cannot end the comment: they are white space to it. */
export function comment(text: string, mark = '#', indent = ''): string[] {
  const start = `${indent}${mark} `
  return wrap(text, commentWidth - start.length).map((line) => start + line)
}
