/** text/plain, also as text/occi+plain (GFD.229). No final newline: IM counts lines, and takes all after the last `/` as an id. */
import { categoryFields, entityFields, type Field } from './fields'
import { locationsTold } from './locations'
import { type AnyEntity, body, type Rendering } from './rendering'

const lines = (fields: readonly Field[]): string => fields.map(({ name, value }) => `${name}: ${value}`).join('\n')

/** One entity; kept per record. */
export const plainEntity = (entity: AnyEntity): string => lines(entityFields(entity))

const located = locationsTold((urls) => [Buffer.from(urls.map((url) => `X-OCCI-Location: ${url}`).join('\n'), 'utf8')])

export const textPlain: Rendering = {
  categories: (collection) => body(lines(categoryFields(collection))),
  collection: (members, { base }) => body(located(members, base)),
  entity: (member, { version }) => body(member.fragment(version, plainEntity)),
  created: (member, { base }) => body(`X-OCCI-Location: ${base}${member.path}`),
  acted: () => body('OK'),
}
