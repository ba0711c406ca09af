/**
 * One process that `up` keeps running: started again with back-off when it dies, ended in order when `up` ends.
 *
 * It lives in a session of its own, so a Ctrl-C in the terminal reaches `up` alone, which ends all in the right order. Its
 * standard input is a pipe that only we hold: when we are killed it closes, and the child ends itself (bin/occi-gateway.js).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { countDeaths } from './deaths'
import { openLogFile } from './log-file'

export interface ChildOptions {
  readonly name: string
  /** Words behind `occi-gateway`. */
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly logs: string
  /** One line for the person at the screen. */
  readonly tell: (line: string) => void
  /** Called whenever it was started. */
  readonly started?: (pid: number) => void
  /** What it says over its channel. */
  readonly message?: (message: unknown) => void
}

export interface Child {
  readonly name: string
  /** undefined while none runs. */
  readonly pid: number | undefined
  /** Deaths in a row. */
  readonly deaths: number
  /** Asks it to end, kills it after `graceMs`; resolves when it is gone. */
  stop(graceMs: number): Promise<void>
}

/** Starts a process and keeps it running until `stop`. */
export function keepRunning(program: string, options: ChildOptions): Child {
  let current: ChildProcess | undefined
  let ending = false
  let timer: NodeJS.Timeout | undefined
  const deaths = countDeaths()

  const ended = (how: string) => {
    current = undefined
    if (ending) return
    const pause = deaths.died()
    options.tell(`${options.name} ${how}; starting it again in ${pause / 1000} s`)
    timer = setTimeout(again, pause)
  }
  const start = () => {
    deaths.started()
    const child = launch(program, options)
    current = child
    child.on('message', (message) => options.message?.(message))
    // What could not be forked tells this and no exit.
    child.on('error', (error) => {
      if (child.pid === undefined) ended(cannot(error))
      else options.tell(`${options.name}: ${error.message}`)
    })
    child.once('exit', (code, signal) => ended(`ended (${signal ?? `exit code ${code}`})`))
    if (child.pid !== undefined) options.started?.(child.pid)
  }
  /** Of some errors (ENOMEM, a log that cannot be opened) node throws instead. The first start's are the caller's. */
  const again = () => {
    try {
      start()
    } catch (thrown) {
      ended(cannot(thrown))
    }
  }
  start()

  return {
    name: options.name,
    get pid() {
      return current?.pid
    },
    get deaths() {
      return deaths.count
    },
    async stop(graceMs) {
      ending = true
      clearTimeout(timer)
      if (current?.pid !== undefined) await end(current, graceMs)
    },
  }
}

const cannot = (thrown: unknown): string =>
  `cannot be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`

function launch(program: string, options: ChildOptions): ChildProcess {
  const log = openLogFile(options.logs, options.name)
  try {
    return spawn(process.execPath, [program, ...options.words], {
      env: { ...process.env, ...options.env, OCCI_GATEWAY_PARENT: '1' },
      stdio: ['pipe', log, log, 'ipc'],
      detached: true,
    })
  } finally {
    closeSync(log)
  }
}

const end = (child: ChildProcess, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    child.once('exit', () => {
      clearTimeout(killer)
      resolve()
    })
    child.kill('SIGTERM')
  })
