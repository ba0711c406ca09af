/** The command line's way to a gateway: the admin API with the operator's token. It never speaks to Redis. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type FaultKind, fault } from '../faults'
import { jsonOf } from '../model/json'

type Query = Readonly<Record<string, string | true | undefined>>

export interface AdminClient {
  /** Parameters that are undefined are left out. */
  get(path: string, query?: Query): Promise<unknown>
  post(path: string, body?: unknown): Promise<unknown>
  patch(path: string, body: unknown): Promise<unknown>
  delete(path: string, query?: Query): Promise<unknown>
  /** A piece of a file at its place in it; what the gateway has of it afterwards, or has instead. */
  putPiece(path: string, piece: Piece): Promise<{ readonly have: number; readonly complete: boolean }>
}

export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly at: number
  readonly total: number
}

export interface Access {
  /** Without a slash at its end. */
  readonly url: string
  readonly token: string
}

const operatorFile = z.object({ token: z.string().min(1), url: z.string().optional() })

export interface Whereabouts {
  readonly data: string
  /** Of the configuration. */
  readonly port: number
  /** Where the `up` that runs on the data folder answers. */
  readonly running?: string
}

/**
 * The operator's access: from the environment, else from `<data>/operator.json`. Faults: 'unauthenticated' when there is none,
 * 'invalid' for an address that is none.
 */
export function findAccess({ data, port, running }: Whereabouts, env: NodeJS.ProcessEnv): Access {
  const { OCCI_GATEWAY_ADMIN_URL: url, OCCI_GATEWAY_ADMIN_TOKEN: token } = env
  const file = token ? undefined : readOperator(data)
  // The file names the gateway that started last, which may have been one beside `up`.
  const here = running ?? file?.url
  if (url && !/^https?:\/\/[^/]/.test(url))
    throw fault(
      'invalid',
      `OCCI_GATEWAY_ADMIN_URL: ${JSON.stringify(url)} is not valid; it takes a URL that begins with http:// or https://`,
      { field: 'OCCI_GATEWAY_ADMIN_URL' },
    )
  return {
    url: (url || here || `http://127.0.0.1:${port}`).replace(/\/+$/, ''),
    token: token || file?.token || '',
  }
}

function readOperator(data: string): z.infer<typeof operatorFile> {
  const name = join(data, 'operator.json')
  try {
    return operatorFile.parse(JSON.parse(readFileSync(name, 'utf8')))
  } catch (cause) {
    throw fault(
      'unauthenticated',
      `no operator's token: ${name} cannot be read. Name the data folder of the gateway with --data, or set OCCI_GATEWAY_ADMIN_URL and OCCI_GATEWAY_ADMIN_TOKEN`,
      { cause },
    )
  }
}

/** Kinds that keep their meaning here; all others are plain refusals. */
const TOLD: readonly FaultKind[] = ['exists', 'not-found', 'unauthenticated', 'unavailable']
const ANSWER_MS = 60_000
const problem = z.object({ code: z.string(), message: z.string(), field: z.string().optional() })

/** Faults: 'unreachable' when nobody answers; else what the gateway said. */
export const adminClient = ({ url, token }: Access): AdminClient =>
  jsonClient({ url, base: '/api/v1', authorization: `Bearer ${token}` })

const progress = z.object({ have: z.number(), complete: z.boolean().default(false) })

/** The same for whoever else speaks JSON to the gateway. Faults: as adminClient's. */
export function jsonClient({
  url,
  base,
  authorization,
}: {
  readonly url: string
  readonly base: string
  readonly authorization: string
}): AdminClient {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await ask(addressOf(url, base, path), {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const text = await answer.text()
    if (!answer.ok) throw refusal(answer, text)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    get: (path, query = {}) => call('GET', `${path}${search(query)}`),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path, query = {}) => call('DELETE', `${path}${search(query)}`),
    async putPiece(path, { bytes, at, total }) {
      const answer = await ask(addressOf(url, base, path), {
        method: 'PUT',
        headers: { authorization, 'content-range': `bytes ${at}-${at + bytes.length - 1}/${total}` },
        body: bytes,
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      const text = await answer.text()
      const said = progress.safeParse(jsonOf(text))
      if (said.success && (answer.ok || answer.status === 409)) return said.data
      throw refusal(answer, text)
    },
  }
}

/** Names are encoded by their commands, but a URL drops a name that is `.` or `..` and means another path. Faults: 'invalid'. */
function addressOf(url: string, base: string, path: string): string {
  if (
    path
      .split('?', 1)[0]
      ?.slice(1)
      .split('/')
      .some((name) => /^\.{0,2}$/.test(name))
  )
    throw fault('invalid', 'a name is empty, "." or "..": nothing is called that')
  if (!URL.canParse(url)) throw fault('invalid', `${url} is no address of a gateway`)
  return `${url}${base}${path}`
}

function search(query: Query): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

async function ask(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (cause) {
    throw fault('unreachable', `no gateway answers at ${new URL(url).origin}: is it running?`, { cause })
  }
}

/** What the gateway said, under its own kind where that matters to a caller here. */
function refusal(answer: Response, text: string): Error {
  const said = problem.safeParse(jsonOf(text))
  if (!said.success) return fault('refused', `the gateway answered ${answer.status}: ${text.slice(0, 200)}`)
  const kind = TOLD.find((known) => known === said.data.code) ?? 'refused'
  const { message, field } = said.data
  return fault(kind, message, field === undefined ? {} : { field })
}
