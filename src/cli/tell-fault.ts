/** How a command ends when something is wrong. */
import { asFault, type Fault, type FaultKind } from '../faults'
import { harmless } from './output'

/** Exit codes of every command. */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const

const USAGE: ReadonlySet<FaultKind> = new Set(['unknown-field'])
const UNREACHABLE: ReadonlySet<FaultKind> = new Set(['unreachable', 'timeout', 'unavailable'])

/** The exit code for a fault. Here, where a gateway's own refusals are 'refused', an invalid field is a setting or an option. */
export function exitCodeOf({ kind, detail }: Fault): number {
  if (USAGE.has(kind) || (kind === 'invalid' && detail.field !== undefined)) return EXIT.usage
  return UNREACHABLE.has(kind) ? EXIT.unreachable : EXIT.refused
}

/** Prints why on standard error; returns the exit code. */
export function tellFault(thrown: unknown): number {
  const found = asFault(thrown)
  const cause = found.kind === 'internal' && found.cause instanceof Error ? `: ${found.cause.stack}` : ''
  process.stderr.write(harmless(`occi-gateway: ${found.message}${cause}\n`))
  return exitCodeOf(found)
}
