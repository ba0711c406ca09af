import { attributeOf } from '../attributes'
import { bindRequirements, namesIn, type Requirements } from '../expressions'
import { compiledRequirements } from '../wish'
import type { Filter } from './filter'

/** The expressions that its owner, its type and the site ask for. One that cannot be read any more refuses every host, and says so. */
export const meetsRequirements: Filter = {
  name: 'meets-requirements',
  reason: 'does not meet its requirements',
  admits: ({ preference, project, size }, host) => {
    for (const asked of preference?.requirements ?? []) {
      const requirements = compiledRequirements(asked)
      if (requirements === null) return `its requirements cannot be read: ${asked.text}`
      const { names, admits } = bound(requirements)
      if (!admits(names.map((name) => attributeOf(host, name, project ?? null, size))))
        return `does not meet ${asked.text}`
    }
    return true
  },
}

const bindings = new WeakMap<Requirements, ReturnType<typeof bind>>()

function bound(requirements: Requirements) {
  const found = bindings.get(requirements) ?? bind(requirements)
  bindings.set(requirements, found)
  return found
}

function bind(requirements: Requirements) {
  const names = [...namesIn(requirements.tree)]
  return { names, admits: bindRequirements(requirements, (name) => names.indexOf(name)) }
}
