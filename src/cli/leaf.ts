/** What all commands on the admin API have in common: their options, their access, their two ways to print. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { loadConfig } from '../config'
import type { Fault } from '../faults'
import { type AdminClient, adminClient, findAccess, type Whereabouts } from './admin-client'
import { asJson, harmless } from './output'
import { runningUrl } from './up/processes'

export interface Cli {
  readonly env: NodeJS.ProcessEnv
  readonly print: (text: string) => void
}

export type Family = (root: Command, cli: Cli) => void

/** Options that every command takes. */
interface Common {
  readonly data?: string
  readonly config?: string
  readonly json?: true
}

export interface Leaf<Found> {
  /** `add <name>` */
  readonly usage: string
  readonly description: string
  readonly options?: readonly (readonly [flags: string, description: string])[]
  /** Options that must be given, as commander names them. */
  readonly needs?: readonly string[]
  /** `args` by the names in `usage`, `options` as given. */
  readonly run: (admin: AdminClient, given: Given) => Promise<Found>
  /** For people. */
  readonly show: (found: Found, given: Given) => string
  /** What a terminal is told before it. */
  readonly before?: (given: Given) => string
  /** What was found is shown, and is no success all the same: the fault says why, and by its kind how the command ends. */
  readonly fails?: (found: Found) => Fault | undefined
  /** ms after which it is run and shown again; null: once is all. */
  readonly again?: (given: Given) => number | null
}

/** Words and options of one call. */
export interface Given {
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, string | true | undefined>>
  readonly env: NodeJS.ProcessEnv
  /** The gateway asked, without a slash at its end. */
  readonly site: { readonly url: string }
}

/** Adds one command to a family. With `--json` it prints what `run` returned, as it is. */
export function addLeaf<Found>(family: Command, cli: Cli, leaf: Leaf<Found>): void {
  const command = family
    .command(leaf.usage)
    .description(leaf.description)
    .option('--json', 'print JSON')
    .option('--data <folder>', "the gateway's data folder [OCCI_GATEWAY_DATA]")
    .option('--config <file>', "the gateway's configuration file [OCCI_GATEWAY_CONFIG]")
  for (const [flags, description] of leaf.options ?? []) command.option(flags, description)
  command.action(async () => {
    const options = command.opts<Common & Given['options']>()
    const lacking = command.options.find(
      (it) => leaf.needs?.includes(it.attributeName()) && options[it.attributeName()] === undefined,
    )
    if (lacking) command.error(`error: ${lacking.long} is needed`)
    const access = findAccess(whereabouts(cli, options), cli.env)
    const given: Given = { args: command.args, options, env: cli.env, site: { url: access.url } }
    const admin = adminClient(access)
    for (;;) {
      const found = await leaf.run(admin, given)
      if (options.json) cli.print(asJson(found))
      else cli.print(`${leaf.before?.(given) ?? ''}${harmless(leaf.show(found, given))}`)
      const failed = leaf.fails?.(found)
      if (failed) throw failed
      const again = leaf.again?.(given) ?? null
      if (again === null) return
      await pause(again)
    }
  })
}

/** As the gateway itself finds them; a running `up` tells where it answers. */
export function whereabouts(cli: Cli, options: Pick<Common, 'data' | 'config'>): Whereabouts {
  const flags = [
    ...(options.data ? ['--data', options.data] : []),
    ...(options.config ? ['--config', options.config] : []),
  ]
  const { data, port } = loadConfig(flags, cli.env)
  const running = runningUrl(data)
  return { data, port, ...(running === undefined ? {} : { running }) }
}

/** A thing's path in the admin API. */
export const pathTo = (collection: string, name: string): string => `/${collection}/${encodeURIComponent(name)}`
