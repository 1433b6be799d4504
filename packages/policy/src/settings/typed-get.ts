import type { Get, SettingValue } from './setting-rule.ts'

/** @throws Error where a setting is not of the type that it is asked for as: a fault of who asks */
export function typedGet(amountOf: (name: string) => SettingValue | undefined): Get {
  function of<T extends SettingValue>(type: string, name: string): T {
    const found = amountOf(name)
    if (typeof found !== type) throw new Error(`setting ${name} is not a ${type}`)
    return found as T
  }
  return {
    number: (name) => of('number', name),
    text: (name) => of('string', name),
    flag: (name) => of('boolean', name),
  }
}
