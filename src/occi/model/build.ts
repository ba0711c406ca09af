/** From files to categories: resolves parents and actions, compiles attribute definitions, and checks what no JSON Schema can. */
import { attributeDefinition, type RawDefinition } from './attribute-definition'
import type { ActionCategory, AttributeDefinition, Definitions, KindCategory, MixinCategory } from './category'
import { badFile, type Found, type FoundCategories, type RawKind } from './read-files'

export interface Categories {
  readonly kinds: readonly KindCategory[]
  readonly mixins: readonly MixinCategory[]
  readonly actions: readonly ActionCategory[]
}

type AnyFound = Found<{ readonly term: string; readonly scheme: string; readonly location?: string }>

/** Throws 'invalid' with file, key and reason for the first thing wrong. */
export function buildCategories(found: FoundCategories): Categories {
  const all: readonly AnyFound[] = [...found.kinds, ...found.mixins, ...found.actions]
  refuseTwice(all, 'term', ({ term, scheme }) => scheme + term)
  refuseTwice(all, 'location', ({ location }) => location)
  const ids = new Set(all.map(({ raw }) => raw.scheme + raw.term))
  const named = ({ file, key }: AnyFound, member: string, wanted: readonly string[] = []): readonly string[] => {
    const unknown = wanted.find((id) => !ids.has(id))
    if (unknown !== undefined) throw badFile(file, `${key}.${member}`, `there is no category ${unknown}`)
    return wanted
  }
  const kinds = found.kinds.map((one): KindCategory => {
    const line = ancestry(one, found.kinds)
    return {
      ...common(one),
      class: 'kind',
      parent: one.raw.parent ?? null,
      location: one.raw.location ?? null,
      attributes: new Map(line.flatMap((kind) => [...definitions(kind)])),
      actions: named(one, 'actions', one.raw.actions),
    }
  })
  const mixins = found.mixins.map(
    (one): MixinCategory => ({
      ...common(one),
      class: 'mixin',
      location: one.raw.location,
      depends: named(one, 'depends', one.raw.depends),
      applies: named(one, 'applies', one.raw.applies),
      attributes: definitions(one),
      actions: named(one, 'actions', one.raw.actions),
      gives: null,
      own: null,
    }),
  )
  const actions = found.actions.map(
    (one): ActionCategory => ({ ...common(one), class: 'action', attributes: definitions(one) }),
  )
  return { kinds, mixins, actions }
}

const common = ({ raw }: Found<{ readonly term: string; readonly scheme: string; readonly title?: string }>) => ({
  id: raw.scheme + raw.term,
  term: raw.term,
  scheme: raw.scheme,
  title: raw.title ?? null,
})

/** A kind and what it descends from, eldest first. */
function ancestry(one: Found<RawKind>, kinds: readonly Found<RawKind>[]): readonly Found<RawKind>[] {
  const line: Found<RawKind>[] = [one]
  for (let parent = one.raw.parent; parent !== undefined; parent = line[0]?.raw.parent) {
    const next = kinds.find(({ raw }) => raw.scheme + raw.term === parent)
    if (next === undefined) throw badFile(one.file, `${one.key}.parent`, `there is no kind ${parent}`)
    if (line.includes(next)) throw badFile(one.file, `${one.key}.parent`, 'it descends from itself')
    line.unshift(next)
  }
  return line
}

function definitions({
  file,
  key,
  raw,
}: Found<{ readonly attributes?: Readonly<Record<string, RawDefinition>> }>): Definitions {
  const entries = Object.entries(raw.attributes ?? {}).map(([name, definition]): [string, AttributeDefinition] => {
    try {
      return [name, attributeDefinition(name, definition)]
    } catch (thrown) {
      throw badFile(file, `${key}.attributes.${name}`, thrown instanceof Error ? thrown.message : 'is no definition')
    }
  })
  return new Map(entries)
}

function refuseTwice(
  all: readonly AnyFound[],
  member: string,
  pick: (raw: AnyFound['raw']) => string | undefined,
): void {
  const seen = new Map<string, string>()
  for (const { file, key, raw } of all) {
    const value = pick(raw)
    if (value === undefined) continue
    const before = seen.get(value)
    if (before !== undefined) throw badFile(file, `${key}.${member}`, `${value} is taken by ${before}`)
    seen.set(value, file)
  }
}
