/** A request to the simulator as the era's tools made it: by hand, with no client of ours between. */
import type { Account, ElasticHostsSimulator } from './simulator'

export interface Told {
  readonly status: number
  readonly error: string | null
  readonly output: string | null
  readonly text: string
}

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly as?: Account
}

/** `path` begins without a slash; a body makes it a POST. */
export async function ask(simulator: ElasticHostsSimulator, path: string, asking: Asking = {}): Promise<Told> {
  const { body, headers = {}, as = simulator.account, method = body === undefined ? 'GET' : 'POST' } = asking
  const answer = await fetch(new URL(path, simulator.url), {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${as.user}:${as.key}`).toString('base64')}`,
      'content-type': 'text/plain',
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  return {
    status: answer.status,
    error: answer.headers.get('x-elastic-error'),
    output: answer.headers.get('x-elastic-output'),
    text: await answer.text(),
  }
}

/** Lines `key value` of one object. */
export const propertiesIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
