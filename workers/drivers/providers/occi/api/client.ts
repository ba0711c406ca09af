/**
 * The calls of an OCCI server that the driver makes. What is spoken is found out once for each account and asked again now and then:
 * JSON where the query interface tells a model of OCCI 1.2 in it, else text as of 1.1, which every server has to have. Faults: those of
 * http.ts and refusals.ts; an answer that cannot be read is 'unreachable', and never an empty list.
 */
import { createHmac } from 'node:crypto'
import { asFault, fault } from '../../../../../src/faults'
import type { Document } from '../../../../../src/model/occi/document'
import { readHeaders, readTextPlain } from '../../../../../src/model/occi/text'
import type { Answer, Sender, Sent } from '../../http'
import { isMissing } from '../../refusals'
import type { Settings } from '../settings'
import { type Compute, jsonCompute, jsonComputes, textCompute } from './compute'
import { discover, type Spoken } from './discover'
import { type Asking, faultOf } from './refusals'
import { addressAt, pathAt, toldAt } from './url'
import { type Content, type Described, describe, invoke, titled } from './write'

export interface Server {
  /** Its service root. */
  readonly endpoint: string
  readonly settings: Settings
  /** Asked anew for each request, so that nothing here holds them. */
  readonly credentials: () => { readonly account: string; readonly secret: string }
}

/** Text tells locations only. */
export type Listed =
  | { readonly as: 'computes'; readonly computes: readonly Compute[] }
  | { readonly as: 'locations'; readonly locations: readonly string[] }

export interface Client {
  spoken(): Promise<Spoken>
  /** What is spoken is to be found out anew. */
  forget(): void
  /** All computes of the account, or those of a title; a server that knows no filters gives all the same. */
  list(title?: string): Promise<Listed>
  /** Undefined: it is not there. */
  look(location: string): Promise<Compute | undefined>
  /** A page of the server's own that is JSON. */
  page(location: string, what: string): Promise<unknown>
  /** Whether there is anything, whatever it is. */
  isThere(location: string): Promise<boolean>
  /** At the id that it says, or there already. `not there`: the server chooses paths itself, or takes no such order at all. */
  makeAtItsId(described: Described): Promise<'made' | 'not there'>
  /** Where the server says that it put it; undefined where it does not say so. */
  makeAnywhere(described: Described): Promise<string | undefined>
  act(location: string, term: string, parameters: Readonly<Record<string, string>>): Promise<void>
  /** What only this account and its server can make of a text and a label: HMAC-SHA256, hexadecimal. */
  signature(label: string, text: string): string
  /** Gone already is done. */
  remove(location: string): Promise<void>
}

interface Order {
  readonly method: Sent['method']
  readonly accept: string
  readonly asking: Asking
  /** For messages: `list`, `make it`. */
  readonly what: string
  readonly content?: Content
  readonly filter?: Readonly<Record<string, string>>
}

/** `known`: kept for the account by whoever opens clients, so that each call need not find out. */
export function openClient(server: Server, sender: Sender, known: { spoken?: Promise<Spoken> }): Client {
  const { endpoint, settings, credentials } = server

  async function send(location: string, order: Omit<Order, 'asking' | 'what'>, version: string): Promise<Answer> {
    const { account, secret } = credentials()
    const basic = Buffer.from(`${account}:${secret}`).toString('base64')
    return sender.send({
      method: order.method,
      url: addressAt(endpoint, location),
      headers: {
        'user-agent': `occi-gateway OCCI/${version}`,
        authorization: settings.auth === 'token' ? `Bearer ${secret}` : `Basic ${basic}`,
        accept: order.accept,
        ...order.filter,
        ...order.content?.headers,
      },
      ...(order.content === undefined ? {} : { body: order.content.body }),
    })
  }

  const find = (path: string, accept: string, version: string) => send(path, { method: 'GET', accept }, version)
  const spoken = (): Promise<Spoken> => {
    if (known.spoken) return known.spoken
    const asked = discover(settings.rendering, find)
    known.spoken = asked
    // What failed is asked again by the next call.
    asked.catch(() => {
      if (known.spoken === asked) delete known.spoken
    })
    return asked
  }

  async function ask(location: string, order: Order): Promise<Answer> {
    const answer = await send(location, order, (await spoken()).version)
    if (answer.status < 200 || answer.status > 299) throw faultOf(answer, order.asking, order.what)
    return answer
  }

  async function list(filter?: Order['filter']): Promise<Listed> {
    const { rendering, collection, lists } = await spoken()
    const isJson = rendering === 'application/occi+json'
    const more = filter === undefined ? {} : { filter }
    const accept = isJson ? rendering : lists
    const answer = await ask(collection, { method: 'GET', accept, asking: 'look', what: 'list its machines', ...more })
    // An empty collection of OCCI 1.1: unlike a body that holds nothing, it says so.
    if (answer.status === 204) return isJson ? { as: 'computes', computes: [] } : { as: 'locations', locations: [] }
    return believed('list its machines', () => {
      if (!isJson) return { as: 'locations', locations: locationsIn(answer).map((one) => toldAt(endpoint, one)) }
      const here = pathAt(endpoint, collection)
      const computes = jsonComputes(JSON.parse(textIn(answer, rendering)), here)
      return { as: 'computes', computes: computes.map((one) => ({ ...one, location: toldAt(endpoint, one.location) })) }
    })
  }

  async function look(location: string): Promise<Compute | undefined> {
    const { rendering } = await spoken()
    try {
      const answer = await ask(location, { method: 'GET', accept: rendering, asking: 'look', what: 'tell of it' })
      return believed('tell of it', () => computeIn(answer, location))
    } catch (thrown) {
      if (isMissing(asFault(thrown))) return undefined
      throw thrown
    }
  }

  /** Whether that order made what is at that path: a server that chooses paths itself has nothing there, whatever it says of it. */
  async function isMadeAt(location: string, { title }: Described): Promise<boolean> {
    try {
      return (await look(location))?.title === title
    } catch (thrown) {
      if (asFault(thrown).kind === 'refused') return false
      throw thrown
    }
  }

  return {
    spoken,
    forget: () => void delete known.spoken,
    async list(title) {
      if (title === undefined) return list()
      try {
        return await list(titled(title))
      } catch (thrown) {
        // OCCI 1.2 calls filters deprecated: one that has none may say so.
        if (asFault(thrown).kind !== 'refused') throw thrown
        return list()
      }
    },
    look,
    async page(location, what) {
      const answer = await ask(location, { method: 'GET', accept: 'application/json', asking: 'look', what })
      return believed(what, () => JSON.parse(textIn(answer, 'application/json')))
    },
    async isThere(location) {
      const { rendering } = await spoken()
      const answer = await send(location, { method: 'GET', accept: rendering }, (await spoken()).version)
      return answer.status >= 200 && answer.status <= 299
    },
    async makeAtItsId(described) {
      const { rendering, collection } = await spoken()
      const content = describe(rendering, described)
      const order = { method: 'PUT', accept: rendering, content } as const
      const path = `${collection}${described.id}`
      const answer = await send(path, order, (await spoken()).version)
      // One that takes paths may refuse to be told again of what it made there: nothing is made in its stead.
      if (CHOOSES_ITSELF.has(answer.status)) return (await isMadeAt(path, described)) ? 'made' : 'not there'
      if (answer.status < 200 || answer.status > 299) throw faultOf(answer, 'make', 'make it')
      return 'made'
    },
    async makeAnywhere(described) {
      const { rendering, collection } = await spoken()
      const content = describe(rendering, described)
      const order = { method: 'POST', accept: rendering, asking: 'make', what: 'make it', content } as const
      const { location } = (await ask(collection, order)).headers
      return location === undefined ? undefined : placeIn(endpoint, location)
    },
    async act(location, term, parameters) {
      const { rendering } = await spoken()
      const content = invoke(rendering, term, parameters)
      await ask(`${location}?action=${term}`, {
        ...{ method: 'POST', accept: rendering, asking: 'change', what: `${term} it`, content },
      })
    },
    signature(label, text) {
      const key = createHmac('sha256', credentials().secret).update(label).digest('hex')
      return createHmac('sha256', key).update(text).digest('hex')
    },
    async remove(location) {
      const { rendering } = await spoken()
      const order = { method: 'DELETE', accept: rendering, asking: 'change', what: 'remove it' } as const
      await ask(location, order).catch((thrown: unknown) => {
        if (!isMissing(asFault(thrown))) throw thrown
      })
    },
  }
}

/** How a path of a client's own is refused (GFD.185 §3.4.5: 400); so are orders that are wrong whatever the path. */
const CHOOSES_ITSELF: ReadonlySet<number> = new Set([400, 404, 405, 501])

/** What was read; what cannot be is as good as no answer. */
function believed<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw fault('unreachable', `its provider's answer, asked to ${what}, cannot be read`, { cause })
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })
const typeOf = ({ headers }: Answer): string =>
  (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase()

/** Undefined: what the server says is no location. */
function placeIn(endpoint: string, location: string): string | undefined {
  try {
    return toldAt(endpoint, location)
  } catch {
    return undefined
  }
}

/** The body of an answer that is of such a type: a page for people is no list. */
function textIn(answer: Answer, ...types: readonly string[]): string {
  const type = typeOf(answer)
  if (!types.includes(type)) throw fault('malformed', `it is ${type || 'of no type'}`)
  return decoder.decode(answer.body)
}

function locationsIn(answer: Answer): readonly string[] {
  if (typeOf(answer) === 'text/uri-list')
    return textIn(answer, 'text/uri-list')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
  if (typeOf(answer) === 'text/occi') return readHeaders(answer.rawHeaders).locations
  return readTextPlain(textIn(answer, 'text/plain', 'text/occi+plain')).locations
}

function computeIn(answer: Answer, location: string): Compute {
  switch (typeOf(answer)) {
    case 'application/occi+json':
    case 'application/json':
      return { ...jsonCompute(JSON.parse(decoder.decode(answer.body)), ''), location }
    case 'text/occi':
      return textCompute(location, readHeaders(answer.rawHeaders))
    default:
      return textCompute(location, documentIn(answer))
  }
}

const documentIn = (answer: Answer): Document => readTextPlain(textIn(answer, 'text/plain', 'text/occi+plain'))
