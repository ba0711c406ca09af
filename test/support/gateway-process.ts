/** The real thing for end-to-end tests: `occi-gateway up` from dist/, on a free port, in a temporary data folder. */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { until } from './until'

export const ROOT = join(__dirname, '..', '..')
export const PROGRAM = join(ROOT, 'bin', 'occi-gateway.js')

const session = z.object({
  occiUrl: z.string(),
  ec2Url: z.string(),
  user: z.string(),
  password: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  accountId: z.string(),
  region: z.string(),
  imageId: z.string(),
  instanceType: z.string(),
})
export type Session = z.infer<typeof session>

const running = z.object({
  pid: z.number(),
  port: z.number(),
  runtime: z.string(),
  processes: z.record(z.string(), z.object({ pid: z.number() })),
})

export interface Up {
  readonly data: string
  readonly pid: number
  /** All that it has printed so far. */
  readonly output: () => string
  readonly session: () => Session
  /** Of one of its processes: gateway, worker, simulator, redis. */
  readonly pidOf: (name: string) => number
  readonly runtime: () => string
  /** Resolves with its exit code (null after SIGKILL). */
  readonly ended: Promise<number | null>
  /** Sends a signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** The environment without anything that would change what `up` does. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name === 'OCCI_GATEWAY_REDIS_SERVER' || !/^(OCCI_|AWS_|npm_)/.test(name),
    ),
  )

/** A folder for one test file; `removeData` at its end. */
export const newData = (): string => mkdtempSync(join(tmpdir(), 'og-up-'))
export const removeData = (data: string): void => rmSync(data, { recursive: true, force: true })

/** Starts it and returns at once. */
export function spawnUp(data: string, args: readonly string[] = ['--port', '0']): Up {
  const child = spawn(process.execPath, [PROGRAM, 'up', '--data', data, ...args], {
    cwd: ROOT,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const list = () => running.parse(JSON.parse(readFileSync(join(data, 'up.json'), 'utf8')))
  return {
    data,
    pid: child.pid ?? -1,
    output: () => printed,
    session: () => session.parse(JSON.parse(readFileSync(join(data, 'first-session.json'), 'utf8'))),
    pidOf: (name) => list().processes[name]?.pid ?? -1,
    runtime: () => list().runtime,
    ended,
    async end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Starts it and waits until it says that it is ready. */
export async function startUp(data: string, args?: readonly string[]): Promise<Up> {
  const up = spawnUp(data, args)
  await until(() => /^Ready/m.test(up.output()) || failed(up), { timeoutMs: 20_000, what: '`up` to be ready' })
  return up
}

function failed(up: Up): false {
  if (!alive(up.pid)) throw new Error(`up ended: ${up.output()}`)
  return false
}

/** Whether a process lives; a zombie does not. */
export function alive(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0]
    return state !== 'Z'
  } catch {
    return false
  }
}

/** Starts another gateway on the Redis of an `up`; resolves with its URL (no slash at its end) once it answers. */
export async function startSecondGateway(up: Up): Promise<{ readonly url: string; end(): Promise<void> }> {
  const log = join(up.data, 'second.log')
  const file = openSync(log, 'w')
  const child = spawn(process.execPath, [PROGRAM, 'gateway', '--port', '0', '--data', up.data], {
    cwd: ROOT,
    env: { ...plainEnvironment(), OCCI_GATEWAY_REDIS: `unix:${join(up.runtime(), 'redis.sock')}` },
    stdio: ['ignore', file, file],
  })
  closeSync(file)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await until(() => /"event":"gateway.ready".*"port":(\d+)/.exec(readFileSync(log, 'utf8'))?.[1], {
    timeoutMs: 15_000,
    what: 'the second gateway',
  })
  return {
    url: `http://127.0.0.1:${port}`,
    async end() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Living processes that have something to do with a folder: in their words, their environment or as where they are. */
export const processesOf = (folder: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => alive(pid) && mentions(pid, folder))

function mentions(pid: number, folder: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return true
    return ['cmdline', 'environ'].some((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8').includes(folder))
  } catch {
    return false
  }
}

const exec = promisify(execFile)

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end; never throws for its exit code. */
export async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  try {
    const { stdout, stderr } = await exec(program, [...args], { env, cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    if (typeof code !== 'number') throw error
    return { code, stdout, stderr }
  }
}

/** One command of ours. */
export const occiGateway = (args: readonly string[], env: NodeJS.ProcessEnv = plainEnvironment()): Promise<Ran> =>
  run(process.execPath, [PROGRAM, ...args], env)

/** The real `aws`: the set-up's, or the one on PATH; undefined when there is none. */
export function findAws(): string | undefined {
  const unpacked = join(ROOT, '.cache', 'aws', 'bin', 'aws')
  return [...(existsSync(unpacked) ? [unpacked] : []), 'aws'].find((program) => {
    const asked = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 60_000, env: plainEnvironment() })
    return asked.stdout?.startsWith('aws-cli/')
  })
}

/** Tests that need it are skipped, loudly, where it cannot be had (`node scripts/setup.js test` says how). */
export function describeWithAws(name: string, tests: (aws: string) => void): void {
  const aws = findAws()
  if (aws) {
    describe(name, () => tests(aws))
    return
  }
  process.stderr.write(`SKIPPED: ${name}: there is no aws client; run "node scripts/setup.js test"\n`)
  // What they test is that client; the name and the line above say how to get it.
  describe.skip(`${name} (no aws client)`, () => tests(''))
}

/** What a tenant's tools are given: as `occi-gateway env` prints it. */
export const tenantEnvironment = (session: Session): NodeJS.ProcessEnv => ({
  ...plainEnvironment(),
  AWS_ACCESS_KEY_ID: session.accessKeyId,
  AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
  AWS_DEFAULT_REGION: session.region,
  AWS_ENDPOINT_URL_EC2: session.ec2Url,
  AWS_ENDPOINT_URL_STS: session.ec2Url,
  AWS_ENDPOINT_URL_IAM: session.ec2Url,
  AWS_PAGER: '',
  // A person's own settings decide nothing here.
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
})
