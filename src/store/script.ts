/** Loads a Lua script with what it includes and runs it by its hash. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Link } from './connect'
import type { Keys } from './keys'

/** One site's store: what every script call needs. */
export interface Site {
  readonly keys: Keys
  readonly link: Link
}

export interface Script {
  readonly name: string
  readonly text: string
  readonly sha: string
}

const FOLDER = join(__dirname, 'scripts')
const INCLUDE = /^--- @include "([a-z-]+)"$/gm

/** Reads `scripts/<name>.lua`; each `--- @include "x"` line becomes the text of `scripts/include/x.lua`, once. */
export function loadScript(name: string): Script {
  const seen = new Set<string>()
  const expand = (text: string): string =>
    text.replace(INCLUDE, (_line, included: string) => {
      if (seen.has(included)) return ''
      seen.add(included)
      return expand(readFileSync(join(FOLDER, 'include', `${included}.lua`), 'utf8'))
    })
  const text = expand(readFileSync(join(FOLDER, `${name}.lua`), 'utf8'))
  return { name, text, sha: createHash('sha1').update(text).digest('hex') }
}

/** What a script is given; flags become '1' or '0'. */
export type Argument = string | number | boolean

/** Runs a script; its reply is the script's own affair. Faults: 'unavailable'. */
export const runScript = (site: Site, script: Script, args: readonly Argument[]): Promise<unknown> =>
  site.link.run(async (redis) => {
    const rest = [1, site.keys.root, ...args.map(written)]
    try {
      return await redis.call('evalsha', [script.sha, ...rest])
    } catch (error) {
      // Redis forgets scripts when it restarts.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return await redis.call('eval', [script.text, ...rest])
    }
  })

const written = (argument: Argument): string =>
  typeof argument === 'boolean' ? (argument ? '1' : '0') : String(argument)

/** A list for `takeList`: its length, then each item's fields. */
export const listed = <T>(items: readonly T[] | undefined, fields: (item: T) => readonly Argument[]): Argument[] => [
  items?.length ?? 0,
  ...(items ?? []).flatMap(fields),
]

/** A part of a record as the text that Redis keeps; what is undefined is null. */
export const encode = (value: unknown): string => JSON.stringify(value ?? null)
