/** text/plain, also as text/occi+plain (GFD.229). No final newline: IM counts lines, and takes all after the last `/` as an id. */
import { categoryFields, entityFields, type Field } from './fields'
import { type AnyEntity, body, type Rendering } from './rendering'

const lines = (fields: readonly Field[]): string => fields.map(({ name, value }) => `${name}: ${value}`).join('\n')

/** One entity; kept per record. */
export const plainEntity = (entity: AnyEntity): string => lines(entityFields(entity))

export const textPlain: Rendering = {
  categories: (collection) => body(lines(categoryFields(collection))),
  collection: (members, { base }) => body(members.map(({ path }) => `X-OCCI-Location: ${base}${path}`).join('\n')),
  entity: (member, { version }) => body(member.fragment('text/plain', version, plainEntity)),
  created: (member, { base }) => body(`X-OCCI-Location: ${base}${member.path}`),
  acted: () => body('OK'),
}
