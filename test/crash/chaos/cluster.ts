/**
 * The whole gateway as processes that can be killed one by one: Redis, a simulator, two gateways, two workers. What dies is
 * started again, as a supervisor would.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openSimulatorAdmin, type SimulatorAdmin } from '../../../workers/drivers/simulator'
import { startRedis, type TestRedis } from '../../support/redis'
import { until } from '../../support/until'

const BIN = resolve(__dirname, '../../../bin/occi-gateway.js')
export const WORDS = ['simulator', 'gateway-1', 'gateway-2', 'worker-1', 'worker-2'] as const
export type Word = (typeof WORDS)[number]

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer().once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })

export class Cluster {
  readonly endpoints: readonly string[]
  readonly admin: SimulatorAdmin
  readonly #children = new Map<Word, ChildProcess>()
  #ended = false

  private constructor(
    readonly folder: string,
    readonly redis: TestRedis,
    private readonly ports: readonly number[],
  ) {
    this.endpoints = ports.map((port) => `http://127.0.0.1:${port}`)
    this.admin = openSimulatorAdmin({ socket: join(folder, 's.sock') })
  }

  static async start(): Promise<Cluster> {
    const redis = await startRedis()
    const cluster = new Cluster(mkdtempSync(join(tmpdir(), 'og-chaos-')), redis, [await freePort(), await freePort()])
    for (const word of WORDS) cluster.#start(word)
    try {
      await cluster.ready()
    } catch (thrown) {
      // Or its processes would keep the test run from ending.
      await cluster.stop({ keep: 'logs' })
      throw thrown
    }
    return cluster
  }

  /** Both gateways answer and have read everything. */
  async ready(): Promise<void> {
    for (const endpoint of this.endpoints)
      await until(async () => (await fetch(`${endpoint}/readyz`)).ok, {
        timeoutMs: 30_000,
        what: `${endpoint} to be ready`,
      })
  }

  #start(word: Word): void {
    const [process_ = '', number = '1'] = word.split('-')
    const log = openSync(join(this.folder, `${word}.log`), 'a')
    const child = spawn(process.execPath, [BIN, process_], {
      stdio: ['pipe', log, log],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        OCCI_GATEWAY_PARENT: '1',
        OCCI_GATEWAY_DATA: this.folder,
        OCCI_GATEWAY_REDIS: `unix:${this.redis.path}`,
        OCCI_GATEWAY_SIMULATOR: join(this.folder, 's.sock'),
        OCCI_GATEWAY_CLOCK: join(this.folder, 's.sock'),
        OCCI_GATEWAY_HOST_POLL_MS: '1000',
        OCCI_GATEWAY_SIMULATED: 'true',
        OCCI_GATEWAY_PORT: String(this.ports[Number(number) - 1] ?? 0),
      },
    })
    this.#children.set(word, child)
    child.once('exit', () => {
      if (!this.#ended) setTimeout(() => this.#ended || this.#start(word), 150).unref()
    })
  }

  kill(word: Word): void {
    this.#children.get(word)?.kill('SIGKILL')
  }

  /** Stops it in the middle of whatever it does, and lets it go on later as if nothing had been. */
  freeze(word: Word, ms: number): void {
    const child = this.#children.get(word)
    child?.kill('SIGSTOP')
    setTimeout(() => child?.kill('SIGCONT'), ms).unref()
  }

  async killRedis(): Promise<void> {
    await this.redis.kill()
    await this.redis.restart()
  }

  /** Everything that a process of this word has logged. */
  log(word: Word): string {
    return readFileSync(join(this.folder, `${word}.log`), 'utf8')
  }

  /** The admin API, as the CLI speaks to it. */
  async operate<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const { token } = JSON.parse(readFileSync(join(this.folder, 'operator.json'), 'utf8')) as { token: string }
    const answer = await fetch(`${this.endpoints[0]}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async stop(options: { readonly keep: 'logs' | 'nothing' }): Promise<void> {
    this.#ended = true
    for (const child of this.#children.values()) {
      child.kill('SIGCONT')
      child.kill('SIGKILL')
    }
    await this.admin.close()
    await this.redis.stop()
    if (options.keep === 'nothing') rmSync(this.folder, { recursive: true, force: true })
  }
}
