/** Reading a file at an address, from some byte on: redirects followed one by one, each as guarded as the first (reach.ts). */
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { asFault, Fault, fault } from '../faults'
import { checkUrl, guardedLookup, isPublicAddress, notPublic, type Reach, shownUrl } from './reach'

export interface FetchOrder {
  readonly url: string
  readonly reach: Reach
  /** From this byte on, up to `to` (exclusive). A server that cannot answers from the beginning. */
  readonly from: number
  readonly to?: number
  /** Of what the bytes before `from` came from: when it is another file by now, the answer is from the beginning. */
  readonly etag?: string | null
}

export interface Fetched {
  readonly body: AsyncIterable<Buffer>
  /** Where the body begins: `from`, or 0. */
  readonly at: number
  /** Of the whole file; null: its server does not say. */
  readonly total: number | null
  readonly etag: string | null
  /** It was asked from the file's end on: there is nothing more. */
  readonly atEnd: boolean
  /** Its server sends parts of the file: the body may be but one of them. */
  readonly isPart: boolean
  stop(): void
}

export interface Fetcher {
  /**
   * Faults: 'invalid' (an address that may not be named), 'not-found', 'refused' (another answer that will not change),
   * 'unreachable' and 'timeout' (may be better later).
   */
  fetch(order: FetchOrder): Promise<Fetched>
}

export interface FetcherOptions {
  /** Tests resolve names as they like. */
  readonly lookup?: LookupFunction
  /** Which addresses are public; tests have but this machine's own. */
  readonly isPublic?: (address: string) => boolean
  /** Certificates that are trusted besides the usual ones, PEM. */
  readonly ca?: string
  /** In `ms` of waiting for its server so many bytes come at least, or it is given up for now. */
  readonly pace?: Pace
  /** The same beside it for a file that comes whole, which holds its job until its end. */
  readonly wholePace?: Pace
  /** So long its server may be silent, and so long it may take to answer at all, ms. */
  readonly silenceMs?: number
}

interface Pace {
  readonly ms: number
  readonly bytes: number
}

const MOST_REDIRECTS = 5
const SILENCE_MS = 30_000
/** Silence alone is no measure: a server that sends a byte now and then would hold the job, and its worker, for ever. */
const PACE: Pace = { ms: 30_000, bytes: 256 * 1024 }
/** Some 2 Mbit/s: of a server that cannot send parts the file is fetched in one job, however long it takes. */
const WHOLE_PACE: Pace = { ms: 300_000, bytes: 64 * 1024 * 1024 }
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

export function openFetcher({
  lookup,
  ca,
  isPublic = isPublicAddress,
  pace = PACE,
  wholePace = WHOLE_PACE,
  silenceMs = SILENCE_MS,
}: FetcherOptions = {}): Fetcher {
  const ask = (url: URL, { reach, from, to, etag }: FetchOrder): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? secureRequest : plainRequest
      const ranged = from > 0 || to !== undefined
      const req = send(url, {
        // A pool of connections would skip the look at the address.
        agent: false,
        lookup: guardedLookup(reach, lookup, isPublic),
        ...(ca === undefined ? {} : { ca }),
        headers: {
          'user-agent': 'occi-gateway',
          'accept-encoding': 'identity',
          ...(ranged ? { range: `bytes=${from}-${to === undefined ? '' : to - 1}` } : {}),
          ...(from > 0 && etag ? { 'if-range': etag } : {}),
        },
      })
      req.setTimeout(silenceMs, () => req.destroy(fault('timeout', `${url.host} is silent`)))
      // A head that comes byte by byte, or says for ever that more is to come (103), is no silence.
      const late = setTimeout(() => req.destroy(fault('timeout', `${url.host} does not answer`)), silenceMs)
      req.once('error', (thrown) => {
        clearTimeout(late)
        reject(failure(thrown, url))
      })
      req.once('response', (res) => {
        clearTimeout(late)
        if (reach === 'public' && !isPublic(res.socket?.remoteAddress ?? '')) {
          req.destroy()
          return reject(notPublic(url.hostname))
        }
        resolve(res)
      })
      req.end()
    })

  return {
    async fetch(order) {
      let url = checkUrl(order.url, order.reach)
      for (let redirects = 0; ; redirects += 1) {
        const res = await ask(url, order)
        const { statusCode = 0, headers } = res
        if (!REDIRECTS.includes(statusCode) || headers.location === undefined)
          return answered(res, order, url, { pace, wholePace })
        res.destroy()
        if (redirects === MOST_REDIRECTS)
          throw fault('refused', `${shownUrl(order.url)} leads from one place to the next`)
        if (!URL.canParse(headers.location, url.href)) throw fault('refused', `${url.host} leads nowhere`)
        url = checkUrl(new URL(headers.location, url.href).href, order.reach)
      }
    },
  }
}

function failure(thrown: unknown, { host }: URL): Fault {
  if (thrown instanceof Fault) return thrown
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''
  return fault('unreachable', `${host} cannot be reached${code === '' ? '' : ` (${code})`}`, { cause: thrown })
}

function answered(
  res: IncomingMessage,
  { from, url: asked }: FetchOrder,
  url: URL,
  { pace, wholePace }: Required<Pick<FetcherOptions, 'pace' | 'wholePace'>>,
): Fetched {
  const { statusCode = 0, headers } = res
  const stop = () => void res.destroy()
  const etag = headers.etag ?? headers['last-modified'] ?? null
  const paces = statusCode === 200 ? [pace, wholePace] : [pace]
  const common = { etag, stop, isPart: false, body: guarded(res, url, paces) }
  if (statusCode === 200) return { ...common, at: 0, total: wholeNumber(headers['content-length']), atEnd: false }
  const [, first, total] = /^bytes (\d+|\*)(?:-\d+)?\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  if (statusCode === 206 && first === String(from))
    return { ...common, at: from, total: wholeNumber(total), atEnd: false, isPart: true }
  if (statusCode === 416 && wholeNumber(total) === from)
    return { ...common, body: none(), at: from, total: from, atEnd: true }
  stop()
  const message = `${shownUrl(asked)}: ${url.host} answers ${statusCode}`
  if (statusCode === 404 || statusCode === 410) throw fault('not-found', message)
  throw fault(statusCode >= 500 || statusCode === 429 || statusCode === 408 ? 'unreachable' : 'refused', message)
}

async function* none(): AsyncGenerator<Buffer> {
  // Nothing more is there.
}

async function* guarded(res: IncomingMessage, url: URL, paces: readonly Pace[]): AsyncGenerator<Buffer> {
  const measures = paces.map((pace) => ({ pace, waited: 0, bytes: 0 }))
  try {
    // Only the time that its server takes counts: whoever reads may be slow too.
    let asked = performance.now()
    for await (const chunk of res as AsyncIterable<Buffer>) {
      const waited = performance.now() - asked
      for (const measure of measures) {
        measure.waited += waited
        measure.bytes += chunk.length
        if (measure.bytes >= measure.pace.bytes) Object.assign(measure, { waited: 0, bytes: 0 })
        if (measure.waited >= measure.pace.ms) throw fault('timeout', `${url.host} sends too slowly`)
      }
      yield chunk
      asked = performance.now()
    }
    if (!res.complete) throw fault('unreachable', `${url.host} broke off`)
  } catch (thrown) {
    const known = asFault(thrown)
    throw known.kind === 'internal' ? fault('unreachable', `${url.host} broke off`, { cause: thrown }) : known
  }
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
