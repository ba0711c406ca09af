/** The back's processes: `worker` and `simulator`. */
import { join } from 'node:path'
import { type Config, loadConfig } from '../src/config'
import { asFault, fault } from '../src/faults'
import { openLog } from '../src/log'
import { runSimulator } from './drivers/simulator'
import { startWorker } from './worker'

interface Closable {
  close(): Promise<void>
}

const WORDS: Readonly<Record<string, (config: Config) => Promise<Closable>>> = {
  worker: (config) => startWorker(config),
  simulator: (config) => {
    if (config.simulator === undefined)
      throw fault('invalid', 'the simulator needs the path of its socket: --simulator or OCCI_GATEWAY_SIMULATOR')
    const folder = join(config.data, 'simulator')
    return runSimulator({ folder, socket: config.simulator, log: openLog('simulator', config.logLevel) })
  },
}

/** Runs one process until it is told to end by a signal; bin/occi-gateway.js sends one when the parent is gone. */
async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [word = '', ...rest] = argv
  const start = WORDS[word]
  if (!start) throw fault('unknown-field', `there is no process ${word}; there are ${Object.keys(WORDS).join(', ')}`)
  const running = await start(loadConfig(rest, env))
  await ended()
  const late = setTimeout(() => process.exit(1), 4000)
  late.unref()
  await running.close()
}

const ended = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })

main(process.argv.slice(2), process.env).then(
  () => process.exit(0),
  (thrown) => {
    const { message, detail } = asFault(thrown)
    process.stderr.write(
      `occi-gateway: ${message}${detail.cause instanceof Error ? `: ${detail.cause.message}` : ''}\n`,
    )
    process.exit(2)
  },
)
