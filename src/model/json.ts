/** What a text says in JSON; undefined: it is none. What it says is still to be parsed. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
