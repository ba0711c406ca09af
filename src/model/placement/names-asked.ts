/** Which attributes of hosts expressions ask for: what need not be known is not read. */
import type { Demand } from './demand'
import { namesIn } from './expressions'
import { compiledRank, compiledRequirements, type Preference } from './wish'

export function namesAsked(machines: readonly Demand[]): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<string>()
  const known = new Set<Preference>()
  for (const { preference } of machines) {
    // Machines that say the same share one value (preferenceOf).
    if (preference === undefined || known.has(preference)) continue
    known.add(preference)
    for (const asked of preference.requirements) {
      const key = `${asked.mode} ${asked.text}`
      if (seen.has(key)) continue
      seen.add(key)
      const tree = compiledRequirements(asked)?.tree
      for (const name of tree ? namesIn(tree) : []) names.add(name)
    }
    for (const share of preference.shares) {
      if (seen.has(share.rank)) continue
      seen.add(share.rank)
      const tree = compiledRank(share)?.tree
      for (const name of tree ? namesIn(tree) : []) names.add(name)
    }
  }
  return names
}
