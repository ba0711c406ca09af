/** Logs are events with fields, one JSON line each, on standard error. Secrets never reach it: fields with their names are cut out. */
import { type Logger, pino } from 'pino'

export type Log = Logger

const SECRET = ['password', 'secret', 'secretAccessKey', 'authorization', 'userData', 'seed', 'token']

/** A logger for one process. `level` as pino's: fatal, error, warn, info, debug, trace, silent. */
export const openLog = (process_: string, level: string): Log =>
  pino(
    {
      level,
      base: { process: process_, pid: process.pid },
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), remove: true },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  )
