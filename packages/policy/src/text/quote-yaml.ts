/** A scalar as text in YAML 1.1 and 1.2: plain where nothing could take it for a number, a boolean or a collection, else quoted. */
export function quoteYaml(value: string): string {
  const isPlain = /^[a-zA-Z/][\w./ -]*[\w./-]$/.test(value) && !/^(?:true|false|yes|no|on|off|null)$/i.test(value)
  // JSON's strings are YAML's double-quoted ones.
  return isPlain ? value : value.includes("'") || /[^\x20-\x7e]/.test(value) ? JSON.stringify(value) : `'${value}'`
}
