/** The xl driver on two real Xen hosts: the stage of the driver's contract. Machines are the tiny guest, PVH. */
import { readFileSync } from 'node:fs'
import { fault } from '../../../src/faults'
import type { ImageFile } from '../../../src/model/images'
import type { HostTarget } from '../../../workers/drivers/driver'
import type { GuardedHost } from '../../../workers/drivers/guard/guarded-host'
import type { Stage } from '../../contract/driver/bench'
import { openMemoryImages } from '../../support/memory-images'
import { until } from '../../support/until'
import { fileOf, openTestDriver, SITE } from '../../support/xen-stage'
import { BRIDGE, NETWORK } from './build/hosts'
import { hostTarget } from './host-target'
import type { Lab } from './lab'
import type { LabHost } from './lab-host'

/** More than this is copied as detached work (workers/drivers/transfer). */
const CONTENTS = Buffer.alloc(65 * 1024 ** 2)

/** Opens the driver on the lab's hosts; `close` stops the lab too. */
export async function openXlStage(lab: Lab): Promise<Stage> {
  const [here, there] = lab.hosts
  const images = openMemoryImages()
  const kept = (bytes: Buffer, format: ImageFile['format']): ImageFile => {
    const file = fileOf(bytes, format)
    images.files.set(file.sha256, bytes)
    return file
  }
  const lost = new Map<string, Lost>()
  const { driver } = openTestDriver(here.keyFile, images, (guarded) => losing(guarded, lost, here))
  await slowCp(here)
  return {
    driver,
    here: hostTarget(here),
    there: hostTarget(there),
    site: SITE,
    image: { image: 'ami-1', sizeGiB: 1, file: kept(CONTENTS, 'raw') } as Stage['image'],
    boot: {
      mode: 'pvh',
      cmdline: 'console=hvc0 mitigations=off',
      kernel: kept(readFileSync(lab.images.tiny.kernel), 'kernel'),
      initramfs: kept(readFileSync(lab.images.tiny.ramdisk), 'initramfs'),
    },
    network: { name: 'subnet-1', bridge: BRIDGE, vlan: null, cidr: NETWORK, gateway: '192.168.77.1' },
    size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 128, diskGiB: 1 },
    // A live migration between emulated hosts takes minutes.
    patienceMs: 600_000,
    writeInto: async (host, disk, text) => {
      const write = (seekMiB: number) => `dd of=${fileOfDisk(disk)} bs=1M seek=${seekMiB} conv=notrunc`
      await hostOf(lab, host).print(`printf '%s' '${text}' | ${write(0)}; printf '%s' '${text}' | ${write(512)}`)
    },
    contentsOf: (host, disk) => hostOf(lab, host).print(`cksum <${fileOfDisk(disk)}`, { timeoutMs: patient(120_000) }),
    loseNextAnswer: async (resource, what) => void lost.set(resource, what),
    slowCopies: async () => void (await here.print('touch /run/slow-cp')),
    finishCopies: async () => void (await here.print('rm -f /run/slow-cp')),
    close: async () => {
      await driver.close()
      await lab.stop()
    },
  }
}

/** Its disks are whole copies (slowCp). */
const fileOfDisk = (disk: string): string => `/var/lib/occi-gateway/${SITE}/disks/${disk}.raw`

function hostOf(lab: Lab, { name }: HostTarget): LabHost {
  const found = lab.hosts.find((host) => host.name === name)
  if (!found) throw new Error(`the lab has no host ${name}`)
  return found
}

/** Copies wait while a file is there; disks are whole copies, so that they are work. */
const slowCp = (host: LabHost): Promise<string> =>
  host.print(
    [
      `mkdir -p /var/lib/occi-gateway/${SITE} && echo clone=copy > /var/lib/occi-gateway/${SITE}/settings`,
      "cat > /usr/local/bin/cp <<'END'",
      '#!/bin/sh',
      'case $1 in --help) ;; *) while [ -f /run/slow-cp ]; do sleep 0.1; done ;; esac',
      'exec /bin/cp "$@"',
      'END',
      'chmod 755 /usr/local/bin/cp',
    ].join('\n'),
  )

type Lost = 'answer' | 'answer and result'

import { patient } from './patience'

/** The answer to the next effect on a resource is lost once it is through; with its result, as if it was never kept. */
function losing(guarded: GuardedHost, lost: Map<string, Lost>, host: LabHost): GuardedHost {
  return {
    ...guarded,
    // An emulated host needs a second for what a real one does in a twentieth of it, and fifty may ask at once.
    look: (target, ticket, deed, args, options) =>
      guarded.look(target, ticket, deed, args, { deadlineMs: patient(120_000), ...options }),
    effect: async (target, ticket, deed, args, options) => {
      const what = lost.get(ticket.resource)
      if (what === undefined) return guarded.effect(target, ticket, deed, args, options)
      lost.delete(ticket.resource)
      await until(async () => (await guarded.effect(target, ticket, deed, args, options)).state === 'done', {
        timeoutMs: patient(120_000),
        everyMs: 200,
      })
      if (what === 'answer and result') await forget(host, ticket.resource, ticket.key)
      throw fault('unreachable', 'the answer was lost')
    },
  }
}

/** A kept result's second line is its key. */
const forget = (host: LabHost, resource: string, key: string): Promise<string> =>
  host.print(
    `cd /var/lib/occi-gateway/guard/records/${SITE}/resources/${resource} && for f in result.*; do [ "$(sed -n 2p "$f")" != '${key}' ] || rm "$f"; done`,
  )
