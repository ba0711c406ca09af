/** Which machines ask for the same. A queue has thousands of machines of few kinds, so what is long in a demand is written once. */
import type { Demand } from '../../src/model/placement'

/** They have no say in it, or not as they stand. */
const NOT_AS_IT_STANDS: ReadonlySet<string> = new Set<keyof Demand>(['id', 'name', 'avoid', 'project', 'group'])

/** For one plan: a demand is not changed meanwhile. */
export class DemandKeys {
  /** Numbers of what objects say. */
  private readonly numbers = new Map<string, number>()
  private readonly known = new WeakMap<object, number>()

  /** `asks`: hosts differ by whose machine it is, whatever it asks for. */
  constructor(private readonly byProject: 'asks' | 'no' = 'no') {}

  /** Equal demands get equal answers. */
  of(machine: Demand): string {
    const { avoid, project, preference, group } = machine
    let key = ''
    // Without the pairs of them: those would be most of what a plan leaves to be collected.
    for (const part of Object.keys(machine) as (keyof Demand)[]) {
      const value = machine[part]
      if (value === undefined || NOT_AS_IT_STANDS.has(part)) continue
      key += `${part} ${typeof value === 'object' && value !== null ? this.numberOf(value) : value}\n`
    }
    for (const { host } of avoid) key += `not ${host}\n`
    // Expressions see the machines of their own project alone.
    if (this.byProject === 'asks' || (preference && preference.requirements.length > 0))
      key += `of ${project ?? null}\n`
    if (group) key += `in ${group.view.id} ${group.partition}\n`
    return key
  }

  private numberOf(value: object): number {
    const known = this.known.get(value)
    if (known !== undefined) return known
    const text = JSON.stringify(value)
    const number = this.numbers.get(text) ?? this.numbers.size
    this.numbers.set(text, number)
    this.known.set(value, number)
    return number
  }
}
