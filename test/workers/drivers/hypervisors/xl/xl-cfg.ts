/**
 * Reads xl.cfg(5) as libxlu does, for tests: settings separated by newlines or `;`, values that are quoted strings with backslash
 * escapes, numbers, or lists of strings. Written from the manual and from how the reader behaves, not from our writer.
 */
export function parseCfg(text: string): ReadonlyMap<string, string | number | readonly string[]> {
  const found = new Map<string, string | number | readonly string[]>()
  let at = 0
  const rest = (): string => text.slice(at)
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest())
    if (match?.index !== 0) return null
    at += match[0].length
    return match
  }
  const need = (pattern: RegExp, what: string): RegExpExecArray => {
    const match = take(pattern)
    if (!match) throw new Error(`no ${what} at ${JSON.stringify(rest().slice(0, 40))}`)
    return match
  }
  const string = (): string | undefined => {
    const match = take(/^"((?:[^"\\\n]|\\.)*)"|^'((?:[^'\\\n]|\\.)*)'/)
    return match ? (match[1] ?? match[2] ?? '').replace(/\\(.)/g, (_all, it: string) => escaped(it)) : undefined
  }
  while (take(/^[ \t\n;]+|^#.*/)) {
    // Between settings.
  }
  while (at < text.length) {
    const [, key = ''] = need(/^([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/, 'setting')
    if (found.has(key)) throw new Error(`${key} twice`)
    if (take(/^\[[ \t\n]*/)) {
      const entries: string[] = []
      for (let entry = string(); entry !== undefined; entry = string()) {
        entries.push(entry)
        take(/^[ \t\n]*/)
        if (!take(/^,[ \t\n]*/)) break
      }
      need(/^\]/, 'end of a list')
      found.set(key, entries)
    } else {
      const value = string() ?? Number(need(/^\d+/, 'value')[0])
      found.set(key, value)
    }
    need(/^[ \t]*(?:[\n;]|$)/, 'end of a setting')
    while (take(/^[ \t\n;]+|^#.*/)) {
      // Between settings.
    }
  }
  return found
}

function escaped(letter: string): string {
  if (letter === '"' || letter === "'" || letter === '\\') return letter
  throw new Error(`an escape that we never write: \\${letter}`)
}
