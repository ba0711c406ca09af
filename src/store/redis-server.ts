/** Finds a Redis or Valkey server to run: named by the environment, on PATH, or unpacked into the package's cache folder. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { packageRoot } from '../package-root'

export interface RedisServer {
  readonly bin: string
  readonly version: string
  /** What it needs beside our own environment. */
  readonly env: Readonly<Record<string, string>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Oldest version with all that the scripts use (ZADD LT, LPOS, streams with MINID). */
const OLDEST = [6, 2] as const
const USUAL = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/sbin', '/usr/local/sbin']

/** The first server that runs and is new enough; undefined when there is none. */
export function findRedisServer(env: Environment = process.env): RedisServer | undefined {
  for (const candidate of candidates(env)) {
    const version = versionOf(candidate.bin, candidate.env)
    if (version !== undefined && newEnough(version)) return { ...candidate, version }
  }
  return undefined
}

function* candidates(env: Environment): Generator<{ bin: string; env: Record<string, string> }> {
  const named = env.OCCI_GATEWAY_REDIS_SERVER
  if (named) yield { bin: named, env: {} }
  const folders = [...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...USUAL]
  for (const name of ['valkey-server', 'redis-server'])
    for (const folder of folders) yield { bin: join(folder, name), env: {} }
  const unpacked = join(packageRoot(), '.cache', 'redis')
  const ofTriplets = [join(unpacked, 'usr', 'lib'), join(unpacked, 'lib')].flatMap(libraries)
  yield { bin: join(unpacked, 'usr', 'bin', 'redis-server'), env: { LD_LIBRARY_PATH: ofTriplets.join(delimiter) } }
}

/** Debian's folders of libraries, one for each architecture. */
const libraries = (lib: string): readonly string[] =>
  existsSync(lib)
    ? readdirSync(lib)
        .filter((name) => name.endsWith('-linux-gnu'))
        .map((name) => join(lib, name))
    : []

function versionOf(bin: string, env: Record<string, string>): string | undefined {
  try {
    accessSync(bin, constants.X_OK)
    const text = execFileSync(bin, ['--version'], { encoding: 'utf8', timeout: 5_000, env: { ...process.env, ...env } })
    return /v=(\d+\.\d+\.\d+)/.exec(text)?.[1]
  } catch {
    return undefined // not there, not runnable: the next one
  }
}

function newEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}
