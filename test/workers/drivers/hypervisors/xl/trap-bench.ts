/** What tests of traps share: a stage of fake Xen hosts, its bench, and a machine's ways. Opened before the tests of a file. */
import type { MachineDefinition } from '../../../../../workers/drivers/driver'
import { type Bench, definitionOf, openBench, through } from '../../../../contract/driver/bench'
import type { XenHost } from '../../../../support/xen-host'
import { openXenStage, type XenStage } from '../../../../support/xen-stage'

export interface Traps {
  readonly bench: Bench
  readonly stage: () => XenStage
  see(name: string): ReturnType<XenStage['driver']['find']>
  power(name: string, order: Parameters<XenStage['driver']['power']>[2]): ReturnType<XenStage['driver']['power']>
  domainsOf(name: string): ReturnType<XenHost['domains']>
  /** Words of xl that were called since. */
  since(before: number): string[]
  /** A machine that is defined; its name. */
  define(change: Partial<MachineDefinition>): Promise<string>
  kernelBoot(mode: 'pv' | 'pvh' | 'hvm'): Pick<MachineDefinition, 'boot' | 'disks'>
}

export function openTraps(): Traps {
  let opened: XenStage | undefined
  const bench = openBench(async () => {
    opened = await openXenStage()
    return opened
  }, [])
  const stage = (): XenStage => {
    if (!opened) throw new Error('the stage is not open')
    return opened
  }
  afterEach(() => {
    opened?.here_.clearKnobs()
    opened?.there_.clearKnobs()
  })
  return {
    bench,
    stage,
    see: (name) => stage().driver.find(stage().here, bench.claim(name).look),
    power: (name, order) => {
      const ticket = bench.claim(name).effect()
      return through(() => stage().driver.power(stage().here, ticket, order))
    },
    domainsOf: (name) =>
      stage()
        .here_.domains()
        .filter((domain) => domain.name === name),
    since: (before) =>
      stage()
        .here_.calls()
        .slice(before)
        .map((call) => call.split(' ')[0] ?? ''),
    async define(change) {
      const name = bench.fresh()
      const definition = { ...definitionOf(stage(), name), ...change, name }
      const ticket = bench.claim(name).effect()
      await through(() => stage().driver.define(stage().here, ticket, definition))
      return name
    },
    kernelBoot: (mode) => ({
      boot: { mode, cmdline: 'console=hvc0', kernel: stage().kernel, initramfs: stage().initramfs },
      disks: [],
    }),
  }
}
