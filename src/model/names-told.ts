const MOST_NAMED = 5

/** `i-1, i-2 and 3 more`: the first five in the order given, and how many are not named. */
export function namesTold(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  return names.slice(0, MOST_NAMED).join(', ') + more
}
