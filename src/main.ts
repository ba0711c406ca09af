/** The front's processes and the command line: picks by its first word. */

import { EXIT, tellFault } from './cli/tell-fault'
import { type Config, loadConfig } from './config'

type Run = (config: Config) => Promise<unknown>

/** Parts are loaded when they are asked for: `env` must not wait for express. */
const PROCESSES: Readonly<Record<string, () => Run>> = {
  up: () => (require('./cli/up') as typeof import('./cli/up')).up,
  gateway: () => (require('./gateway') as typeof import('./gateway')).runGateway,
  redis: () => (require('./cli/up/redis-child') as typeof import('./cli/up/redis-child')).holdRedis,
}

const HELP: readonly string[] = ['--help', '-h']

async function main(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [word = '', ...rest] = words
  const process_ = PROCESSES[word]
  if (process_ && !rest.some((given) => HELP.includes(given))) {
    const config = configOf(rest, env)
    if (typeof config === 'number') return config
    await process_()(config)
    return EXIT.done
  }
  return (require('./cli/program') as typeof import('./cli/program')).runCommand(words, env)
}

/** The configuration, or the exit code of a wrong one. */
function configOf(words: readonly string[], env: NodeJS.ProcessEnv): Config | number {
  try {
    return loadConfig(words, env)
  } catch (thrown) {
    tellFault(thrown)
    return EXIT.usage
  }
}

// Whoever reads may have seen enough (`… | head`): what is left to print is nobody's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done)
  throw error
})

main(process.argv.slice(2), process.env).then(
  (code) => process.exit(code),
  (thrown) => process.exit(tellFault(thrown)),
)
