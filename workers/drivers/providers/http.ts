/**
 * One HTTP request to a provider. No redirect is followed (it would carry the key to somebody else), no answer is waited for longer
 * than the patience, none is read beyond a limit. Faults: 'unreachable' and 'timeout': what was asked may or may not be done.
 */
import { type IncomingHttpHeaders, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { Fault, fault } from '../../../src/faults'

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Of a POST or PUT; none is an empty one. */
  readonly body?: string | Uint8Array
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Name, value, name, value: as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface Sender {
  send(sent: Sent): Promise<Answer>
  /** Lets go of connections. */
  close(): void
}

/** Bytes of an answer that are read at most: a list of ten thousand machines is some 10 to 20 MB. */
export const MOST_BYTES = 128 * 1024 ** 2
/** Connections to one provider at once. */
const SOCKETS = 8
/** Bytes of an answer's headers: an entity in text/occi is all headers. */
const MOST_HEADER_BYTES = 128 * 1024

export function openSender(patienceMs: number): Sender {
  const options = { keepAlive: true, maxSockets: SOCKETS }
  const [plain, secure] = [new PlainAgent(options), new SecureAgent(options)]
  return {
    send: ({ method, url, headers, body = '' }) =>
      new Promise((resolve, reject) => {
        const isSecure = url.protocol === 'https:'
        let timer: NodeJS.Timeout | undefined
        const fail = (thrown: unknown): void => {
          clearTimeout(timer)
          request.destroy()
          reject(failure(thrown, url))
        }
        const hasBody = method === 'POST' || method === 'PUT'
        const length = hasBody ? { 'content-length': String(Buffer.byteLength(body)) } : {}
        const request = (isSecure ? secureRequest : plainRequest)(url, {
          method,
          agent: isSecure ? secure : plain,
          maxHeaderSize: MOST_HEADER_BYTES,
          headers: { 'user-agent': 'occi-gateway', 'accept-encoding': 'identity', ...headers, ...length },
        })
        // Their bytes are bounded. Beyond a thousand of them Node drops the rest unsaid (Node 20, `maxHeadersCount`): a list
        // with a header for each location would be a shorter one.
        request.maxHeadersCount = 0
        request.on('error', fail)
        // From when it has a connection: until then nothing was asked. And not the socket's own time-out: one that sends a byte now
        // and then would hold the job for ever.
        request.once('socket', () => {
          timer = setTimeout(() => fail(fault('timeout', `${url.host} did not answer in time`)), patienceMs)
        })
        request.once('response', (response) => {
          const chunks: Buffer[] = []
          let bytes = 0
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            chunks.push(chunk)
            if (bytes > MOST_BYTES) fail(fault('unreachable', `${url.host} answers with more than can be read`))
          })
          response.on('error', fail)
          response.once('end', () => {
            clearTimeout(timer)
            const { statusCode: status = 0, headers, rawHeaders } = response
            resolve({ status, headers, rawHeaders, body: Buffer.concat(chunks) })
          })
        })
        request.end(hasBody ? body : undefined)
      }),
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

function failure(thrown: unknown, { host }: URL): Fault {
  if (thrown instanceof Fault) return thrown
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? ` (${String(thrown.code)})` : ''
  return fault('unreachable', `${host} cannot be reached${code}`, { cause: thrown })
}
