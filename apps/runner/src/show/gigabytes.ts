/** `1.5 GB`, `768 MB`: memory for people. */
export function gigabytes(bytes: number): string {
  const size = bytes / 1024 ** 3
  return size < 1 ? `${Math.round(size * 1024)} MB` : `${Number(size.toFixed(1))} GB`
}
