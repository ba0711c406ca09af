/** Whether what is asked of hosts speaks of providers: then the rank decides among all, else local hosts come first (worked examples 7, 26). */
import { namesIn } from '../placement/expressions'
import { compiledRank, compiledRequirements, type Preference } from '../placement/wish'

const IN_RANK: ReadonlySet<string> = new Set(['COST', 'LATENCY', 'PUBLIC_CLOUD'])
const IN_REQUIREMENTS: ReadonlySet<string> = new Set([...IN_RANK, 'HYPERVISOR'])

export function ranksProviders(preference: Preference | undefined): boolean {
  if (preference === undefined) return false
  const ranks = preference.shares.flatMap((share) => compiledRank(share)?.tree ?? [])
  const asked = preference.requirements.flatMap((one) => compiledRequirements(one)?.tree ?? [])
  return (
    ranks.some((tree) => [...namesIn(tree)].some((name) => IN_RANK.has(name))) ||
    asked.some((tree) => [...namesIn(tree)].some((name) => IN_REQUIREMENTS.has(name)))
  )
}
