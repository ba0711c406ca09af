/** A small OCCI client for tests: what curl would send. */
import type { Session } from './gateway-process'

export interface OcciAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export const COMPUTE = 'http://schemas.ogf.org/occi/infrastructure#compute'
export const COMPUTE_CATEGORY = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'

/** Sends requests with the session's user; paths are relative to the OCCI endpoint (or to another gateway's). */
export function occiClient(session: Pick<Session, 'user' | 'password' | 'occiUrl'>, endpoint = session.occiUrl) {
  const authorization = `Basic ${Buffer.from(`${session.user}:${session.password}`).toString('base64')}`
  return async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
    const url = new URL(path, endpoint)
    const answer = await fetch(url, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    return { status: answer.status, headers: answer.headers, body: await answer.text() } satisfies OcciAnswer
  }
}

/** The machines' URLs, by text/uri-list. */
export async function listUrls(client: ReturnType<typeof occiClient>): Promise<readonly string[]> {
  const answer = await client('GET', 'compute/', { accept: 'text/uri-list' })
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.body}`)
  return answer.body.split(/\r?\n/).filter(Boolean)
}
