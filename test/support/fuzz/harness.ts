/**
 * Sends mutated, authenticated requests to a listening gateway and keeps what went wrong: an answer of 500, no answer within
 * ten seconds, a connection that ended without one. A corpus says what is sent; the harness is the same for every front.
 */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { type Random, random } from './random'

export interface FuzzRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface FuzzAnswer {
  readonly status: number
  readonly body: string
  readonly location: string | undefined
}

export interface Corpus {
  readonly name: string
  /** The next request, mutated, then authenticated: what it says is wrong, who says it is right. */
  next(chance: Random): FuzzRequest
  /** Whether a request was understood: its parser was passed, whatever was answered then. */
  passed(answer: FuzzAnswer): boolean
  /** Learns ids from answers, so that later requests name what is there. */
  learn(answer: FuzzAnswer): void
}

export interface Failure {
  /** Its number: the same seed sends the same. */
  readonly number: number
  readonly why: string
  readonly request: FuzzRequest
}

export interface FuzzResult {
  readonly requests: number
  readonly seconds: number
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>
  readonly passed: number
  readonly slowestMs: number
  readonly failures: readonly Failure[]
  /** Of the heap after a forced collection, a quarter into the run and at its end; absent without --expose-gc. */
  readonly heap?: { readonly early: number; readonly late: number }
}

export interface FuzzOptions {
  readonly url: string
  readonly corpus: Corpus
  readonly requests: number
  readonly seed: number
  readonly connections?: number
  /** Told now and then. */
  readonly progress?: (sent: number) => void
}

const HANGS_MS = 10_000

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { url, corpus, requests, seed, connections = 8 } = options
  const chance = random(seed)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const statuses = new Map<number, number>()
  const failures: Failure[] = []
  const began = performance.now()
  const early = Math.ceil(requests / 4)
  const heaps: number[] = []
  let [sent, passed, slowestMs] = [0, 0, 0]

  const one = async (number: number, request: FuzzRequest): Promise<void> => {
    const started = performance.now()
    try {
      const answer = await send(url, agent, request)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (answer.status === 500 || answer.status === 0)
        failures.push({ number, why: `${answer.status}: ${answer.body.slice(0, 300)}`, request })
      if (corpus.passed(answer)) passed++
      corpus.learn(answer)
    } catch (thrown) {
      failures.push({ number, why: thrown instanceof Error ? thrown.message : String(thrown), request })
    }
    slowestMs = Math.max(slowestMs, performance.now() - started)
  }
  const until = async (number: number): Promise<void> => {
    const lane = async (): Promise<void> => {
      while (sent < number) {
        const mine = sent++
        if (mine % 5_000 === 4_999) options.progress?.(mine + 1)
        await one(mine, corpus.next(chance))
      }
    }
    await Promise.all(Array.from({ length: connections }, lane))
  }
  await until(early)
  heaps.push(collectedHeap())
  await until(requests)
  heaps.push(collectedHeap())
  agent.destroy()
  const [first = 0, last = 0] = heaps
  const seconds = (performance.now() - began) / 1000
  return {
    ...{ requests, seconds, statuses, passed, slowestMs, failures },
    ...(first > 0 ? { heap: { early: first, late: last } } : {}),
  }
}

/** Bytes; 0 where the process was not started with --expose-gc. */
function collectedHeap(): number {
  if (globalThis.gc === undefined) return 0
  for (let times = 0; times < 3; times++) globalThis.gc()
  return process.memoryUsage().heapUsed
}

/** The query interface in text/occi is all headers, more of them than Node's client takes by itself. */
const LARGEST = 256 * 1024

function send(url: string, agent: Agent, { method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ hostname, port, agent, method, path, headers, setHost: false, maxHeaderSize: LARGEST })
    const late = setTimeout(() => asked.destroy(new Error(`no answer within ${HANGS_MS} ms`)), HANGS_MS)
    asked.on('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
    asked.on('response', (response: IncomingMessage) => {
      const parts: Buffer[] = []
      // An answer that is cut off before its end.
      response.on('error', reject)
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        clearTimeout(late)
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).toString('utf8'),
          location: response.headers.location,
        })
      })
    })
    asked.end(Buffer.from(body, 'utf8'))
  })
}

/** For people: one line, and the first failures. */
export function toldResult(name: string, result: FuzzResult): string {
  const { requests, seconds, statuses, passed, slowestMs, failures, heap } = result
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  const share = (100 * passed) / requests
  const growth = heap && 100 * (heap.late / heap.early - 1)
  return [
    `${name}: ${requests} requests in ${seconds.toFixed(0)} s, ${share.toFixed(1)} % past the parser, slowest ${slowestMs.toFixed(0)} ms`,
    `  answers ${counts.join(', ')}`,
    ...(heap && growth !== undefined
      ? [`  heap after a collection ${megabytes(heap.early)} → ${megabytes(heap.late)} (${growth.toFixed(1)} %)`]
      : []),
    ...failures
      .slice(0, 20)
      .map((failure) => `  FAILED ${failure.number}: ${failure.why} ${JSON.stringify(failure.request)}`),
    `  ${failures.length} failures`,
  ].join('\n')
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
