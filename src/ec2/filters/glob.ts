/** EC2's wildcards: `*` any text, `?` one character, `\` takes the next character as it is. */

const ANY = Symbol('any text')
const ONE = Symbol('one character')
type Token = string | typeof ANY | typeof ONE

/** Whether a text matches; made once per pattern. Takes at most length(text) × length(pattern) steps, whatever the pattern. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (!/[*?\\]/.test(pattern)) return (text) => text === pattern
  const tokens = tokenise(pattern)
  return (text) => matches(tokens, [...text])
}

function tokenise(pattern: string): readonly Token[] {
  const tokens: Token[] = []
  let literally = false
  for (const character of pattern) {
    if (literally) {
      tokens.push(character)
      literally = false
    } else if (character === '\\') literally = true
    else if (character === '*') {
      if (tokens.at(-1) !== ANY) tokens.push(ANY)
    } else tokens.push(character === '?' ? ONE : character)
  }
  if (literally) tokens.push('\\')
  return tokens
}

/** Greedy with one way back: to the last `*`, which then takes one character more. Earlier ones never need another try. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let [at, next] = [0, 0]
  let star = -1
  let taken = 0
  while (at < text.length) {
    const token = tokens[next]
    if (token === ANY) {
      star = next
      taken = at
      next += 1
    } else if (token === ONE || (token !== undefined && token === text[at])) {
      at += 1
      next += 1
    } else if (star >= 0) {
      taken += 1
      at = taken
      next = star + 1
    } else return false
  }
  while (tokens[next] === ANY) next += 1
  return next === tokens.length
}
