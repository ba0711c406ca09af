/** QEMU's monitor: JSON lines on a unix socket, one command at a time (QMP). */
import { createConnection, type Socket } from 'node:net'
import { until } from '../../support/until'

export interface Monitor {
  /** Runs a command and returns what it returns; throws with QEMU's words. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Runs a line of the human monitor and returns what it prints. */
  human(line: string): Promise<string>
  close(): void
}

interface Waiting {
  readonly command: string
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Connects once the socket is there. */
export async function openMonitor(path: string): Promise<Monitor> {
  const socket = await until(() => connected(path), { timeoutMs: 20_000, everyMs: 20, what: `the monitor ${path}` })
  const waiting: Waiting[] = []
  const fail = (reason: string): void => {
    for (const one of waiting.splice(0)) one.reject(new Error(`${one.command}: ${reason}`))
  }
  let rest = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.filter((text) => text.trim() !== '')) answer(JSON.parse(line), waiting)
  })
  socket.on('close', () => fail('the monitor is closed'))
  socket.on('error', (error) => fail(error.message))
  const execute = (command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.push({ command, resolve, reject })
      socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`)
    })
  await execute('qmp_capabilities')
  return {
    execute,
    human: async (line) => String(await execute('human-monitor-command', { 'command-line': line })),
    close: () => socket.destroy(),
  }
}

const connected = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(path, () => resolve(socket))
    socket.once('error', reject)
  })

/** Greetings and events answer nothing. */
function answer(message: unknown, waiting: Waiting[]): void {
  if (typeof message !== 'object' || message === null) return
  if ('return' in message) waiting.shift()?.resolve(message.return)
  else if ('error' in message) {
    const one = waiting.shift()
    one?.reject(new Error(`${one.command}: ${JSON.stringify(message.error)}`))
  }
}
