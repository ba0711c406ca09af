/** What is sent as an answer's body: a text, or runs of bytes that were made before. */
import type { ServerResponse } from 'node:http'

export type Body = string | readonly Buffer[]

export const bytesOf = (body: Body): Buffer =>
  typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.concat(body)

/** In bytes. */
export const lengthOf = (body: Body): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.reduce((sum, run) => sum + run.length, 0)

/** As one text: for what has to look into it. */
export const textOf = (body: Body): string => (typeof body === 'string' ? body : Buffer.concat(body).toString('utf8'))

/** Sends it with its length and ends the answer. Runs go out as they lie in memory, in one system call. */
export function endWith(response: ServerResponse, body: Body): void {
  const runs = typeof body === 'string' ? [Buffer.from(body, 'utf8')] : body
  const length = runs.reduce((sum, run) => sum + run.length, 0)
  response.setHeader('Content-Length', length)
  if (runs.length < 2) {
    response.end(runs[0])
    return
  }
  response.cork()
  for (const run of runs) response.write(run)
  response.end()
  response.uncork()
}
