/** What a server says that it can do: the part of its query interface that is asked about. Pure. */
import type { Document } from '../../../../../src/model/occi/document'
import { array, type Members, object, string } from '../../../../../src/model/occi/json-values'
import { toTerm } from '../../../../../src/model/occi/names'

export interface ServerCategory {
  /** scheme + term */
  readonly id: string
  /** Mixins that it comes with: `depends`, in text its one `rel`. */
  readonly depends: readonly string[]
  readonly location: string | null
  readonly title: string | null
  /** What its attributes are where nothing is said; text tells none. */
  readonly defaults: ReadonlyMap<string, unknown>
}

export type ServerModel = ReadonlyMap<string, ServerCategory>

const modelOf = (categories: readonly ServerCategory[]): ServerModel => new Map(categories.map((one) => [one.id, one]))

/** Of lines, or of headers. Throws 'malformed' for what is no model. */
export const textModelOf = ({ categories }: Pick<Document, 'categories'>): ServerModel =>
  modelOf(
    categories.map(({ id, told }) => ({
      id,
      depends: told?.depends ?? [],
      location: told?.location ?? null,
      title: told?.title ?? null,
      defaults: new Map(),
    })),
  )

/**
 * Undefined: it is no model of OCCI 1.2. In JSON of 1.1 days a kind's parent was called `related` (pyssf, rOCCI-core 4.3). Throws
 * 'malformed' for what is no model at all.
 */
export function readJsonModel(text: string): ServerModel | undefined {
  const content: unknown = JSON.parse(text)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined
  const { kinds, mixins } = content as Members
  const read = (all: unknown, of: string) =>
    array(all, of).map((one, index) => jsonCategory(object(one, `${of}[${index}]`), `${of}[${index}]`))
  if (!array(kinds, 'kinds').some((one) => typeof one === 'object' && one !== null && 'parent' in one)) return undefined
  return modelOf([...read(kinds, 'kinds'), ...read(mixins, 'mixins')])
}

const jsonCategory = (members: Members, field: string): ServerCategory => ({
  id: string(members.scheme, `${field}.scheme`) + string(members.term, `${field}.term`),
  depends: array(members.depends, `${field}.depends`).map((one) => string(one, `${field}.depends`)),
  location: members.location === undefined ? null : string(members.location, `${field}.location`),
  title: typeof members.title === 'string' ? members.title : null,
  defaults: defaultsIn(members.attributes),
})

/** What a server says of attributes in a way of its own is left aside. */
function defaultsIn(attributes: unknown): ReadonlyMap<string, unknown> {
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) return new Map()
  return new Map(
    Object.entries(attributes as Members).flatMap(([name, said]) =>
      typeof said === 'object' && said !== null && 'default' in said ? [[name, said.default] as const] : [],
    ),
  )
}

/** The templates of one base (os_tpl, resource_tpl, availability_zone) that a name may mean: their identifier, or their term. */
export function templatesNamed(model: ServerModel, base: string, name: string): readonly string[] {
  const templates = [...model.values()].filter(({ depends }) => depends.includes(base)).map(({ id }) => id)
  if (templates.includes(name)) return [name]
  // Terms have neither capitals nor dots everywhere: `t2.micro` may be there as `t2_micro`.
  const terms = [name, toTerm(name)]
  return templates.filter((id) => terms.includes(id.slice(id.indexOf('#') + 1)))
}
