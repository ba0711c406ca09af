import { isOfOthers } from '../tenants'
import type { Filter } from './filter'

/**
 * A machine that is to be alone comes to no host that has, or has promised to, anything of another project; and nothing of another project
 * comes to its host. What is there and is nobody's here counts as somebody else's.
 */
export const ofOneProject: Filter = {
  name: 'of-one-project',
  reason: 'is shared by projects, or kept for another one',
  narrows: true,
  admits({ hosting, project = null }, { keptFor, tenants, provider }) {
    if (isOfOthers(keptFor, project)) return 'is kept for machines of another project'
    if (hosting?.alone !== true) return true
    if (provider) return 'is at a provider, where hosts are shared'
    return !isOfOthers(tenants, project) || 'has machines of others, or has promised them places'
  },
}
