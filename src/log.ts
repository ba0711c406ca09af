/** Logs are events with fields, one JSON line each, on standard error. Secrets never reach it: fields with their names are cut out. */
import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/** A dash where a spelling may begin a word anew: `user-data` is `userData`, EC2's `UserData`, `user_data` too. */
const SECRETS = [
  ...['password', 'password-data', 'passphrase', 'secret', 'secret-key', 'secret-access-key', 'private-key'],
  ...['key-material', 'authorization', 'token', 'session-token', 'security-token', 'x-amz-security-token'],
  ...['user-data', 'seed'],
]
/** A form's field and an OCCI attribute say before their own name what they lie in: `LaunchTemplateData.UserData`. */
const SECRET = new RegExp(
  `(?:^|\\.)(?:${SECRETS.map((name) => name.replaceAll('-', '[-_]?')).join('|')})(?:\\.|$)`,
  'i',
)
/** So deep inside an event's fields they are looked for. */
const DEEPEST = 3

/** A logger for one process. `level` as pino's: fatal, error, warn, info, debug, trace, silent. */
export const openLog = (
  process_: string,
  level: string,
  to: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Log =>
  pino(
    {
      level,
      base: { process: process_, pid: process.pid },
      // Not pino's own `redact`: with a wildcard it costs more than all the rest of a line.
      formatters: { log: (fields) => withoutSecrets(fields, DEEPEST, 'err') },
      serializers: { err: (error: Error) => withoutSecrets(pino.stdSerializers.err(error), DEEPEST - 1) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    to,
  )

type Fields = Readonly<Record<string, unknown>>

/** The fields but those with a secret's name, down to so many levels. `untouched`: a field that has a serializer of its own. */
function withoutSecrets(fields: Fields, levels: number, untouched?: string): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (SECRET.test(name)) continue
    shown[name] = levels > 1 && name !== untouched ? cleaned(value, levels - 1) : value
  }
  return shown
}

function cleaned(value: unknown, levels: number): unknown {
  if (Array.isArray(value)) return value.map((one) => cleaned(one, levels))
  return isWalked(value) ? withoutSecrets(value, levels) : value
}

/** What JSON writes field by field. */
const isWalked = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !('toJSON' in value)
