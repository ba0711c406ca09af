/**
 * The configuration: flags, else environment, else a JSON file, else the default. Everything is checked here, once; a bad
 * key or value is named, with what would have been right. docs/configuration.md lists the keys (checked by a test).
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { fault } from './faults'
import { BACKFILLING_FORMS, POLICY_NAMES, parseBackfilling, sharesOf } from './model/placement'
import { formatVlanPool, parseVlanPool, SIMULATED_POOL, type VlanPool } from './model/vlan-pool'
import type { RedisAddress } from './store/connect'

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const whole = (least: number, most: number) => {
  const text = `a whole number from ${least} to ${most}`
  const digits = z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
  return z.union([z.number(), digits], text).pipe(z.int(text).min(least, text).max(most, text))
}
const truth = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])], 'true or false')
  .transform((value) => value === true || value === 'true' || value === '1')
/** Who may change what the issuer answers may be anybody, so its keys come by https, or from this machine. */
const isSafeIssuer = (issuer: string): boolean =>
  !/[?#]/.test(issuer) && /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:\/|$))/.test(issuer)
const text = z.string('a text').min(1, 'a text that is not empty')

/** Every key, as the configuration file has it. */
export const settings = z.strictObject({
  port: whole(0, 65_535).default(8787).describe('Port of all fronts; 0 takes a free one'),
  listen: text.default('127.0.0.1').describe('Address to listen on'),
  data: text.default('data').describe('Folder for everything that must last'),
  images: text
    .optional()
    .describe(
      'Where images are kept: a folder, or s3://bucket/prefix; `images` in the data folder when it is not given',
    ),
  imagesEndpoint: z
    .url({ protocol: /^https?$/, error: 'a URL that begins with http:// or https://' })
    .optional()
    .describe('S3-compatible store that has the bucket of `images`, when it is not Amazon'),
  sshKey: text
    .optional()
    .describe(
      'File of the private key with which workers log in to hosts; the agent of SSH_AUTH_SOCK when it is not given',
    ),
  region: z
    .string('a text')
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'lower case letters, digits and hyphens, at most 32')
    .default('local-1')
    .describe('Name of the site: EC2 region and prefix of all Redis keys'),
  redis: z
    .string('a text')
    .regex(/^(?:rediss?:\/\/.+|unix:\/.+)$/, 'redis://host:port, rediss://host:port or unix:/path/to/socket')
    .optional()
    .describe(
      'Redis or Valkey of the operator; `up` starts one of its own when none is named, `gateway` and `worker` then take redis://127.0.0.1:6379',
    ),
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'a URL that begins with http:// or https://' })
    .optional()
    .describe('How clients reach this gateway, when that is not what they send as Host'),
  corsOrigins: z
    .string('a text')
    .regex(
      /^(?:\*|https?:\/\/[^\s,/]+(?:\s*,\s*https?:\/\/[^\s,/]+)*)$/,
      '* or origins like https://a.example, with commas between',
    )
    .optional()
    .describe('Origins whose web pages may send OCCI requests, or *; none when it is not given'),
  mixins: text
    .optional()
    .describe("Folder of OCCI mixins of the operator's own, one JSON file each; none when it is not given"),
  digest: truth
    .optional()
    .describe(
      'Whether HTTP Digest is offered beside Basic; not, when it is not given. A user can use it once the password is set again',
    ),
  oidcIssuer: z
    .url({ protocol: /^https?$/, error: 'a URL that begins with https://' })
    .refine(isSafeIssuer, 'a URL that begins with https:// and has no query (http:// on this machine itself alone)')
    .optional()
    .describe('OpenID Connect issuer whose bearer tokens are taken, as its tokens name it; none when it is not given'),
  oidcAudience: text
    .optional()
    .describe('What the tokens of `oidcIssuer` name as their audience; it must be given with it'),
  oidcUserClaim: text
    .optional()
    .describe('Claim of the tokens of `oidcIssuer` that is the name of the user here; `sub` when it is not given'),
  logLevel: z
    .enum(LEVELS, `one of ${LEVELS.join(', ')}`)
    .default('info')
    .describe('How much is logged'),
  tenantVlans: z
    .string('a text')
    .refine((given) => parseVlanPool(given) !== undefined, 'a bridge and VLANs of 1 to 4094, as in br0:2000-2999')
    .optional()
    .describe(
      'VLANs that projects’ networks are given, as in br0:2000-2999, with commas between several; without it projects have no networks of their own, but where hosts are simulated',
    ),
  simulated: truth
    .optional()
    .describe('Whether the simulated hosts are brought along; `up` does, any other process only when told'),
  simulator: text.optional().describe('Unix socket of the simulator; `up` sets it for its processes'),
  clock: text.optional().describe('Unix socket of a simulator whose clock is followed; for tests'),
  hostPollMs: whole(100, 600_000)
    .optional()
    .describe(
      'How often a host is looked at, in ms; when it is not given, 30000 for real hosts and 5000 for simulated ones',
    ),
  metricsOpen: truth
    .optional()
    .describe(
      'Whether GET /metrics answers without a token to who asks from this machine itself; not, when it is not given',
    ),
  requestsPerSecond: whole(0, 1_000_000)
    .default(5_000)
    .describe('Requests a second that one gateway takes of one project, and twice as many in a burst; 0: no limit'),
  placementPolicy: z
    .string('a text')
    .refine(
      (value) => sharesOf(value) !== undefined,
      `${POLICY_NAMES.join(', ')}, or several with weights: packing=2,load-aware=1`,
    )
    .default('striping')
    .describe('Which hosts are preferred for machines whose owner and type do not say'),
  tenantsNameHosts: truth
    .optional()
    .describe(
      'Whether tenants may name the host of a machine (EC2: Placement.HostId), by the ids that `host show` tells; not, when it is not given',
    ),
  placementBackfilling: z
    .string('a text')
    .refine((value) => parseBackfilling(value) !== undefined, BACKFILLING_FORMS)
    .default('aggressive')
    .describe('Which of the machines that wait with lease terms get a time of their own that no later one may delay'),
  concurrency: whole(1, 1_000).default(32).describe('Machines that one worker works on at a time'),
})
type Settings = z.infer<typeof settings>
export type Key = keyof Settings

export interface Config {
  /** Name of the site, also the EC2 region. */
  readonly site: string
  readonly port: number
  readonly listen: string
  /** Absolute. */
  readonly data: string
  /** Absolute path of a folder, or `s3://bucket/prefix`. */
  readonly images: string
  /** Of an S3-compatible store. */
  readonly imagesEndpoint?: string
  /** File of a private key; absent: the agent's. */
  readonly sshKey?: string
  /** Without a slash at its end. */
  readonly publicUrl?: string
  /** Origins whose pages may send OCCI requests; `*` for all. */
  readonly corsOrigins?: readonly string[]
  readonly redis: RedisAddress
  /** An operator named it; else `up` starts one of its own. */
  readonly redisNamed: boolean
  readonly logLevel: string
  /** What projects' networks are made on; absent: they have none. */
  readonly tenantVlans?: VlanPool
  /** Undefined: nobody said. Then `up` brings the simulated hosts along, and a gateway by itself never does. */
  readonly simulated?: boolean
  /** Unix socket of the simulator. */
  readonly simulator?: string
  /** Unix socket of a simulator whose clock is followed. */
  readonly clockSocket?: string
  /** Of all hosts; absent: by what they are. */
  readonly hostPollMs?: number
  /** GET /metrics without a token, from this machine. */
  readonly metricsOpen?: boolean
  /** Of one project at one gateway; 0: no limit. */
  readonly requestsPerSecond: number
  readonly placementPolicy: string
  /** By EC2's HostId; absent: nobody may. */
  readonly tenantsNameHosts?: boolean
  /** As it was written: `intermediate=5`. */
  readonly placementBackfilling: string
  readonly concurrency: number
  /** Folder of the operator's mixins, absolute. */
  readonly mixins?: string
  /** HTTP Digest beside Basic. */
  readonly digest?: boolean
  /** Whose bearer tokens are taken. */
  readonly oidc?: { readonly issuer: string; readonly audience: string; readonly userClaim: string }
}

type Environment = Readonly<Record<string, string | undefined>>

/** `hostPollMs` as `host-poll-ms`. */
export const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** `--host-poll-ms`, as given on the command line. */
export const flagOf = (key: Key): string => `--${kebab(key)}`
/** `OCCI_GATEWAY_HOST_POLL_MS`, its twin in the environment. */
export const variableOf = (key: Key): string => `OCCI_GATEWAY_${kebab(key).replaceAll('-', '_').toUpperCase()}`

export const KEYS = Object.keys(settings.shape) as readonly Key[]

/** Variables with our prefix that are no settings: who reads them stands in docs/configuration.md. */
export const OTHER_VARIABLES = [
  'OCCI_GATEWAY_CONFIG', // this file
  'OCCI_GATEWAY_REDIS_SERVER', // store/redis-server.ts
  'OCCI_GATEWAY_ADMIN_URL', // cli
  'OCCI_GATEWAY_ADMIN_TOKEN', // cli
  'OCCI_GATEWAY_PARENT', // bin: end with the parent
  'OCCI_GATEWAY_KEYS', // gateway, worker: where the key ring is
  'OCCI_GATEWAY_RUNTIME', // cli/up: folder of the sockets
  'OCCI_GATEWAY_LAB_CACHE', // npm run lab:xen: where it keeps what it built
] as const

/**
 * The configuration of one process. `argv` is what follows the process's word (`--port 8788`, `--port=8788`).
 * Throws 'invalid' or 'unknown-field', naming the key and the value.
 */
export function loadConfig(argv: readonly string[], env: Environment): Config {
  const flags = readFlags(argv)
  const variables = readVariables(env)
  const file = flags.config ?? env.OCCI_GATEWAY_CONFIG
  const given = { ...(file ? readFile(file) : {}), ...variables, ...flags.settings }
  return toConfig(check(given, { file, variables, flags: flags.settings }))
}

/** The VLANs of projects' networks: those that the operator named; a simulated site has some of its own. */
export const vlansOf = ({ tenantVlans, simulated }: Pick<Config, 'tenantVlans' | 'simulated'>): VlanPool =>
  tenantVlans ?? (simulated === true ? SIMULATED_POOL : [])

/** The same configuration as environment, for a child process. */
export function environmentOf(config: Config): Readonly<Record<string, string>> {
  const { site, redis, redisNamed, clockSocket, tenantVlans, oidc, ...rest } = config
  const values: Partial<Record<Key, unknown>> = {
    ...rest,
    region: site,
    redis: redis.kind === 'url' ? redis.url : `unix:${redis.path}`,
    ...(clockSocket === undefined ? {} : { clock: clockSocket }),
    ...(tenantVlans === undefined ? {} : { tenantVlans: formatVlanPool(tenantVlans) }),
    ...(oidc === undefined
      ? {}
      : { oidcIssuer: oidc.issuer, oidcAudience: oidc.audience, oidcUserClaim: oidc.userClaim }),
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [variableOf(key as Key), String(value)]))
}

interface Origins {
  readonly file: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
  readonly flags: Readonly<Record<string, unknown>>
}

function check(given: Readonly<Record<string, unknown>>, origins: Origins): Settings {
  const parsed = settings.safeParse(given)
  if (parsed.success) return together(parsed.data, origins)
  const issue = parsed.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? ''
    throw fault('unknown-field', `${origins.file}: there is no key "${name}"; there are ${KEYS.join(', ')}`, {
      field: name,
      allowed: KEYS,
    })
  }
  const key = String(issue?.path[0] ?? '') as Key
  // A Redis address may hold a password.
  const value = key === 'redis' ? 'what is given' : JSON.stringify(given[key])
  throw fault('invalid', `${nameIn(key, origins)}: ${value} is not valid; it takes ${issue?.message}`, { field: key })
}

/** Keys that mean nothing without one another. */
function together(checked: Settings, origins: Origins): Settings {
  const lacks = (key: Key, of: Key) =>
    fault('missing', `${nameIn(of, origins)} is given, so ${flagOf(key)} (${variableOf(key)}) must be given too`, {
      field: key,
    })
  if (checked.oidcIssuer !== undefined && checked.oidcAudience === undefined) throw lacks('oidcAudience', 'oidcIssuer')
  for (const key of ['oidcAudience', 'oidcUserClaim'] as const)
    if (checked[key] !== undefined && checked.oidcIssuer === undefined) throw lacks('oidcIssuer', key)
  return checked
}

function nameIn(key: Key, origins: Origins): string {
  if (key in origins.flags) return flagOf(key)
  return key in origins.variables ? variableOf(key) : `${origins.file}: ${key}`
}

const REDIS_BY_DEFAULT = 'redis://127.0.0.1:6379'

function toConfig(checked: Settings): Config {
  const {
    region,
    redis,
    clock,
    data,
    images,
    imagesEndpoint,
    sshKey,
    publicUrl,
    corsOrigins,
    simulated,
    simulator,
    hostPollMs,
    metricsOpen,
    tenantsNameHosts,
    tenantVlans,
    digest,
    mixins,
    oidcIssuer,
    oidcAudience,
    oidcUserClaim,
    ...rest
  } = checked
  const vlans = tenantVlans === undefined ? undefined : parseVlanPool(tenantVlans)
  return {
    ...rest,
    site: region,
    data: resolve(data),
    images: images === undefined ? resolve(data, 'images') : images.startsWith('s3://') ? images : resolve(images),
    redis: redis?.startsWith('unix:')
      ? { kind: 'socket', path: redis.slice('unix:'.length) }
      : { kind: 'url', url: redis ?? REDIS_BY_DEFAULT },
    redisNamed: redis !== undefined,
    ...(imagesEndpoint === undefined ? {} : { imagesEndpoint }),
    ...(sshKey === undefined ? {} : { sshKey: resolve(sshKey) }),
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrl.replace(/\/+$/, '') }),
    ...(simulated === undefined ? {} : { simulated }),
    ...(vlans === undefined ? {} : { tenantVlans: vlans }),
    ...(corsOrigins === undefined ? {} : { corsOrigins: corsOrigins.split(',').map((one) => one.trim()) }),
    ...(simulator === undefined ? {} : { simulator }),
    ...(hostPollMs === undefined ? {} : { hostPollMs }),
    ...(metricsOpen === undefined ? {} : { metricsOpen }),
    ...(tenantsNameHosts === undefined ? {} : { tenantsNameHosts }),
    ...(digest === undefined ? {} : { digest }),
    ...(mixins === undefined ? {} : { mixins: resolve(mixins) }),
    ...(oidcIssuer === undefined || oidcAudience === undefined
      ? {}
      : { oidc: { issuer: oidcIssuer, audience: oidcAudience, userClaim: oidcUserClaim ?? 'sub' } }),
    ...(clock === undefined ? {} : { clockSocket: clock }),
  }
}

function readFlags(argv: readonly string[]): { config?: string; settings: Record<string, string> } {
  const found: Record<string, string> = {}
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const equals = word.indexOf('=')
    const flag = equals < 0 ? word : word.slice(0, equals)
    const key = [...KEYS, 'config'].find((known) => flag === `--${kebab(known)}`)
    if (key === undefined) throw fault('unknown-field', `there is no option ${word}; there are ${flagList()}`)
    const value = equals < 0 ? argv[++at] : word.slice(equals + 1)
    if (value === undefined) throw fault('invalid', `${flag} wants a value`, { field: key })
    found[key] = value
  }
  const { config, ...rest } = found
  return config === undefined ? { settings: rest } : { config, settings: rest }
}

const flagList = (): string => ['--config', ...KEYS.map(flagOf)].join(', ')

function readVariables(env: Environment): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('OCCI_GATEWAY_') || value === undefined || value === '') continue
    const key = KEYS.find((known) => variableOf(known) === name)
    if (key !== undefined) found[key] = value
    else if (!OTHER_VARIABLES.some((other) => other === name))
      throw fault(
        'unknown-field',
        `there is no setting ${name} (=${JSON.stringify(value)}); there are ${KEYS.map(variableOf).join(', ')}`,
      )
  }
  return found
}

function readFile(file: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw fault(
      'invalid',
      `the configuration file ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        field: 'config',
        cause,
      },
    )
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw fault('invalid', `the configuration file ${file} must hold one JSON object`, { field: 'config' })
  return { ...parsed }
}
