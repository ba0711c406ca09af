/** The command line: one family of commands a file in commands/. */
import { Command, CommanderError } from 'commander'
import { flagOf, KEYS, type Key, settings, variableOf } from '../config'
import { commandFamilies } from './commands'
import { EXIT } from './tell-fault'
import { version } from './version'

const PROCESSES: Readonly<Record<string, string>> = {
  up: 'everything on this machine: Redis, gateway, worker and the simulated hosts',
  gateway: 'one gateway process, against the Redis named by --redis',
  worker: 'one worker process, against the Redis named by --redis',
  simulator: 'the simulated hosts',
}

const EXIT_CODES = `
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 the gateway cannot be reached.
Operator's credentials: <data>/operator.json, or OCCI_GATEWAY_ADMIN_URL and OCCI_GATEWAY_ADMIN_TOKEN.`

/** The whole program. Commands write to `print` and read their credentials from `env`. */
export function program(env: NodeJS.ProcessEnv, print: (text: string) => void): Command {
  const root = new Command('occi-gateway')
    .description('A cloud gateway: OCCI and the EC2 Query API over the same machines')
    .version(version())
    .addHelpText('after', EXIT_CODES)
  for (const [name, description] of Object.entries(PROCESSES)) addProcess(root, name, description)
  for (const family of commandFamilies) family(root, { env, print })
  return root
}

/** Listed here for the help only: main.ts runs them. */
function addProcess(root: Command, name: string, description: string): void {
  const command = root.command(name).description(description)
  command.option('--config <file>', 'JSON file with the keys below [OCCI_GATEWAY_CONFIG]')
  for (const key of KEYS) command.option(`${flagOf(key)} <value>`, `${describe(key)} [${variableOf(key)}]`)
}

/** A key's description and default, for help and documentation. */
export function describe(key: Key): string {
  const shape = settings.shape[key]
  const standard: unknown = shape.safeParse(undefined).data
  return `${shape.description}${standard === undefined ? '' : ` (default ${String(standard)})`}`
}

/** Runs one command; returns its exit code. */
export async function runCommand(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const root = program(env, (text) => process.stdout.write(text))
  exitNowhere(root)
  try {
    if (words.length === 0) root.help({ error: true })
    await root.parseAsync([...words], { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.done : EXIT.usage
  }
}

/** Commander would end the process by itself, with its own codes. */
function exitNowhere(command: Command): void {
  command.exitOverride()
  for (const child of command.commands) exitNowhere(child)
}
