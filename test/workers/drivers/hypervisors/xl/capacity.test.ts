/** What a host has for guests leaves room for what Xen takes beside their memory, and its deeds count like its probe. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { xlDeeds } from '../../../../../workers/drivers/hypervisors/xl/deeds'
import { parseProbe } from '../../../../../workers/drivers/hypervisors/xl/probe'
import { openDiskStage } from '../../../../support/disk-stage'
import { describeByShell } from '../../../../support/host-tools'
import { recorded } from './recorded'

const HOSTS = [
  { memoryMiB: 2047, cpus: 1 },
  { memoryMiB: 16_384, cpus: 4 },
  { memoryMiB: 262_144, cpus: 64 },
  { memoryMiB: 1_048_576, cpus: 256 },
]
type Host = (typeof HOSTS)[number]

const infoOf = ({ memoryMiB, cpus }: Host): string =>
  recorded('xl-info')
    .out.replace(/^(total_memory +: ).*/m, `$1${memoryMiB}`)
    .replace(/^(nr_cpus +: ).*/m, `$1${cpus}`)
const capacityOf = (host: Host): number =>
  parseProbe(`== info\n${infoOf(host)}\n== host\nboot b\n== storage\n`).capacity.memoryMiB

/** Of Xen's frame table, and of the page tables of guests that fill the host: libxl__get_required_paging_memory. */
const XENS = {
  frames: ({ memoryMiB }: Host) => (memoryMiB * 32) / 4096,
  pages: (host: Host) => capacityOf(host) / 256 + host.cpus,
}

test.each(HOSTS)('$memoryMiB MiB, filled with hvm machines: all of them start', (host) => {
  const left = host.memoryMiB - capacityOf(host)
  expect(left).toBeGreaterThanOrEqual(XENS.frames(host) + XENS.pages(host))
  expect(left).toBeLessThan(host.memoryMiB * 0.05)
})

describeByShell((shell) => {
  test.each(HOSTS)(
    '$memoryMiB MiB: the largest machine that the probe promises is taken, and no larger one',
    async (host) => {
      const deeds = [
        ...xlDeeds(),
        'og_boot=b',
        'xl_try() { cat "$(site_root)/info"; }',
        'free_fits() { xl_fits 100 "$1" hvm; }',
      ]
      const stage = openDiskStage({ shell, deeds })
      try {
        mkdirSync(stage.path(), { recursive: true })
        writeFileSync(stage.path('info'), infoOf(host))
        const fits = (memoryMiB: number) => stage.guard.free(stage.host, 'fits', [String(memoryMiB)])
        await fits(capacityOf(host))
        await expect(fits(capacityOf(host) + 1)).rejects.toThrow(`has ${capacityOf(host)}`)
      } finally {
        await stage.close()
      }
    },
  )
})
