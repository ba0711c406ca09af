/** Tests that run programs of a Xen host here; on a machine where one cannot be had they are skipped, and say so. */
import { execFileSync, spawnSync } from 'node:child_process'

const TOOLS = { busybox: ['true'], 'qemu-img': ['--version'] } as const
type HostTool = keyof typeof TOOLS

/** Whether this machine has it, or the set-up fetched it. */
const has = (tool: HostTool): boolean => spawnSync(tool, TOOLS[tool], { stdio: 'ignore' }).status === 0

/** Where it is. */
export const pathOf = (tool: HostTool): string =>
  execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim()

/** The title of what is skipped, told on the screen too. */
function skipping(tool: HostTool, title: string): string {
  process.stderr.write(`SKIPPED: ${title}: ${tool} could not be had; run "node scripts/setup.js test"\n`)
  return `${title} (skipped: no ${tool} can be had on this machine)`
}

/** `test`, of what needs that tool. */
export const testWith = (tool: HostTool, title: string, run: Parameters<typeof test>[1]): void =>
  // What it tests is what that tool makes or reads; its name says that the tool is missing, the line on the screen how to get it.
  has(tool) ? test(title, run) : test.skip(skipping(tool, title), run)

/** `describe`, once by the `sh` of this machine and once by busybox's: deeds of hosts are POSIX sh. */
export function describeByShell(tests: (shell: readonly [string, ...string[]]) => void): void {
  describe('by sh', () => tests(['sh']))
  const [title, ash] = ['by busybox ash', () => tests(['busybox', 'ash'])]
  if (has('busybox')) describe(title, ash)
  // No other shell stands in for busybox's; its name and the line on the screen say that it is missing and how to get it.
  else describe.skip(skipping('busybox', title), ash)
}
