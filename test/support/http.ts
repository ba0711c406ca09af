/** A whole app on a real port over real operations; its log is kept for looking into. */
import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'
import { buildApp } from '../../src/http/app'
import type { TenantLogin } from '../../src/http/auth/tenant'
import { type Listening, listen } from '../../src/http/server'
import { bootstrapOperator } from '../../src/operations'
import type { Operations } from '../../src/operations/operations'
import { type Gateways, startGateways } from './gateways'
import type { TestRedis } from './redis'

export interface LogLine {
  readonly [field: string]: unknown
}

/** A logger at the finest level whose lines are kept. */
export function keptLog(): {
  readonly log: Logger
  readonly text: () => string
  readonly lines: () => readonly LogLine[]
} {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  const text = () => chunks.join('')
  const lines = () =>
    text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): LogLine => JSON.parse(line))
  return { log: pino({ level: 'trace' }, stream), text, lines }
}

export interface TestApp {
  readonly url: string
  readonly port: number
  readonly site: Gateways
  readonly operations: Operations
  readonly token: string
  readonly logged: ReturnType<typeof keptLog>
  /** The admin API with the operator's token; any body is sent as JSON. */
  admin(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>
  close(): Promise<void>
}

/** `wrap` may put something between the fronts and the operations. */
export async function startApp(
  redis: TestRedis,
  wrap = (inner: Operations) => inner,
  {
    digest = 'off',
    ...config
  }: {
    readonly digest?: 'on' | 'off'
    readonly oidc?: NonNullable<TenantLogin['oidc']>
    readonly requestsPerSecond?: number
    readonly publicUrl?: string
  } = {},
): Promise<TestApp> {
  const logged = keptLog()
  const site = await startGateways(redis, { log: logged.log, digest })
  let token = ''
  await bootstrapOperator(site.first.context, {
    read: () => undefined,
    write: (drawn) => {
      token = drawn
    },
  })
  const operations = wrap(site.first.operations)
  const app = buildApp({
    operations,
    config: { site: site.site, ...config },
    product: { name: 'occi-gateway', version: '0.0.0' },
    log: logged.log,
    clock: site.clock,
  })
  const listening: Listening = await listen(app, { host: '127.0.0.1', port: 0, log: logged.log })
  const url = `http://127.0.0.1:${listening.port}`
  return {
    url,
    port: listening.port,
    site,
    operations,
    token,
    logged,
    async admin(method, path, body) {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    async close() {
      await listening.close(500)
      await site.close()
    },
  }
}

/** The header of HTTP Basic. */
export const basicOf = (user: string, password: string): { readonly authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
