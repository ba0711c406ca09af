/** Requirements that time alone never meets: they ask for nothing but what an operator changes. */
import { isLasting } from './attributes'
import { namesIn } from './expressions'
import { compiledRequirements, type Preference } from './wish'

/** The preference with those of its requirements alone; undefined: there are none. */
export function lastingOf(preference: Preference | undefined): Preference | undefined {
  if (preference === undefined) return undefined
  const requirements = preference.requirements.filter((asked) => {
    const compiled = compiledRequirements(asked)
    return compiled !== null && [...namesIn(compiled.tree)].every(isLasting)
  })
  return requirements.length === 0 ? undefined : { ...preference, requirements }
}
