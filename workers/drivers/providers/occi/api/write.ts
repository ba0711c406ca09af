/** What is sent to a server, in each rendering (GFD.226, GFD.229). Pure. */
import { fault } from '../../../../../src/faults'
import { COMPUTE_ACTIONS, NETWORK, NETWORKINTERFACE } from '../../../../../src/model/occi/names'

export type Rendering = 'application/occi+json' | 'text/plain' | 'text/occi'

/** A compute to be. */
export interface Described {
  readonly kind: string
  /** Where a server takes the id that it is given; null: the server chooses. */
  readonly id: string | null
  readonly mixins: readonly string[]
  readonly title: string
  readonly summary: string
  readonly attributes: Readonly<Record<string, string>>
  /** Locations of networks that it is linked to. */
  readonly networks: readonly string[]
}

export interface Content {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Fault: 'refused' for a value that the rendering cannot hold, naming the attribute. */
export function describe(rendering: Rendering, described: Described): Content {
  const { kind, id, mixins, title, summary, attributes, networks } = described
  if (rendering === 'application/occi+json')
    return json({
      kind,
      ...(id === null ? {} : { id: `urn:uuid:${id}` }),
      ...(mixins.length === 0 ? {} : { mixins }),
      title,
      summary,
      attributes,
      ...(networks.length === 0 ? {} : { links: networks.map(jsonLink) }),
    })
  return text(rendering, {
    Category: [category(kind, 'kind'), ...mixins.map((one) => category(one, 'mixin'))],
    Link: networks.map((network) => `<${location(network)}>; rel="${NETWORK}"; category="${NETWORKINTERFACE}"`),
    'X-OCCI-Attribute': Object.entries({
      'occi.core.title': title,
      'occi.core.summary': summary,
      ...attributes,
    }).map(attribute),
  })
}

const jsonLink = (location: string) => ({
  kind: NETWORKINTERFACE,
  attributes: {},
  target: { location, kind: NETWORK },
})

/** An action on a compute by its term. */
export function invoke(rendering: Rendering, term: string, parameters: Readonly<Record<string, string>>): Content {
  const action = COMPUTE_ACTIONS + term
  if (rendering === 'application/occi+json') return json({ action, attributes: parameters })
  return text(rendering, {
    Category: [category(action, 'action')],
    'X-OCCI-Attribute': Object.entries(parameters).map(attribute),
  })
}

/** Fields of a filter: they are headers whatever the rendering (GFD.185 §3.4.4). */
export const titled = (title: string): Readonly<Record<string, string>> => ({
  'X-OCCI-Attribute': headerText(attribute(['occi.core.title', title])),
})

const json = (value: object): Content => ({
  headers: { 'content-type': 'application/occi+json' },
  body: JSON.stringify(value),
})

type Fields = Readonly<Partial<Record<'Category' | 'Link' | 'X-OCCI-Attribute', readonly string[]>>>

/** Lines of a body, or one folded header each: a server may read one of several of the same name only, as rOCCI does. */
function text(rendering: 'text/plain' | 'text/occi', fields: Fields): Content {
  const filled = Object.entries(fields).filter(([, values]) => values.length > 0)
  if (rendering === 'text/plain')
    return {
      headers: { 'content-type': 'text/plain' },
      body: filled.flatMap(([name, values]) => values.map((value) => `${name}: ${value}\n`)).join(''),
    }
  const headers = Object.fromEntries(filled.map(([name, values]) => [name, headerText(values.join(','))]))
  return { headers: { ...headers, 'content-type': 'text/occi' }, body: '' }
}

function category(id: string, of: 'kind' | 'mixin' | 'action'): string {
  const term = id.indexOf('#') + 1
  return `${id.slice(term)}; scheme="${id.slice(0, term)}"; class="${of}"`
}

function attribute([name, value]: readonly [string, string]): string {
  if (/\p{Cc}/u.test(value)) throw fault('refused', `${name} cannot hold control characters at its provider`)
  return `${name}="${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

/** It stands between angle brackets, which nothing escapes (RFC 8288 §3). */
function location(text: string): string {
  if (!/^[!-~]+$/.test(text) || /[<>"]/.test(text)) throw fault('refused', `network ${text} is no location`)
  return text
}

/** Node writes headers as Latin-1: bytes of UTF-8 go as they are. */
const headerText = (value: string): string => Buffer.from(value, 'utf8').toString('latin1')
