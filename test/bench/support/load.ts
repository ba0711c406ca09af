/** Requests over connections that stay open, answers read to their end. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Shot {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** From the first byte sent to the last received. */
  readonly ms: number
}

export interface Client {
  send(shot: Shot): Promise<Answer>
  close(): void
}

export function openClient(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const from = performance.now()
        const req = request(
          { agent, maxHeaderSize: 128 * 1024, host: '127.0.0.1', port, method, path, headers },
          (res) => {
            const chunks: Buffer[] = []
            res.on('data', (chunk: Buffer) => chunks.push(chunk))
            res.on('error', reject)
            res.on('end', () => {
              const ms = performance.now() - from
              resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks), ms })
            })
          },
        )
        req.on('error', reject)
        req.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** `count` of them, `width` at a time, each as soon as one before it is answered. */
export async function volley<T>(
  count: number,
  width: number,
  one: (index: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next++
      results[index] = await one(index)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  return results
}

/** `perSecond` of them for some seconds, each at its time whether or not those before it are answered. */
export async function stream<T>(
  perSecond: number,
  seconds: number,
  one: (index: number) => Promise<T>,
): Promise<readonly T[]> {
  const from = performance.now()
  return Promise.all(
    Array.from({ length: Math.round(perSecond * seconds) }, async (_, index) => {
      const wait = from + (index * 1000) / perSecond - performance.now()
      await new Promise((resolve) => setTimeout(resolve, wait))
      return one(index)
    }),
  )
}
