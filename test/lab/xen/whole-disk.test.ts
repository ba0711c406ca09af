/** A whole Debian from a disk image, prepared by Debian's cloud-init: the tenant's key opens it. */
import { nocloudDisk } from '../../../src/metadata/nocloud'
import { until } from '../../support/until'
import { destroy, folderOf } from './domains'
import { put } from './files'
import { guestSh, tenantKey } from './guest-ssh'
import { useLab } from './use-lab'
import { describeWholeDisk } from './whole-disk'

const BOOT_MS = 600_000
const address = '192.168.77.50'

describeWholeDisk('a whole Debian', () => {
  const lab = useLab()

  test(
    "boots under PVH and lets the tenant's key in",
    async () => {
      const [host] = lab().hosts
      const image = lab().images.wholeDisk
      if (!image) throw new Error('the image is not built: npm run lab:xen -- --whole-disk')
      const key = await tenantKey(lab(), 'tenant')
      const seed = nocloudDisk({
        instanceId: 'i-0123456789abcdef1',
        hostname: 'whole-1',
        publicKeys: [key.publicKey],
        interfaces: [
          { name: 'eth0', mac: '02:00:00:00:00:02', address, cidr: '192.168.77.0/24', gateway: '', dns: [] },
        ],
        userData: null,
      })
      const folder = folderOf('whole')
      await host.print(`mkdir -p ${folder}`)
      await put(lab(), host, seed, `${folder}/seed`)
      for (const [file, name] of [
        [image.disk, 'disk'],
        [image.kernel, 'kernel'],
        [image.ramdisk, 'initrd'],
      ] as const)
        await put(lab(), host, file, `${folder}/${name}`)
      const config = [
        'name="whole"',
        'type="pvh"',
        `kernel="${folder}/kernel"`,
        `ramdisk="${folder}/initrd"`,
        `extra="${image.cmdline}"`,
        'memory=512',
        'vif=["mac=02:00:00:00:00:02,bridge=xenbr0"]',
        `disk=["format=qcow2,vdev=xvda,access=w,target=${folder}/disk","format=raw,vdev=xvdzz,access=r,target=${folder}/seed"]`,
      ]
      await put(lab(), host, Buffer.from(`${config.join('\n')}\n`), `${folder}/xl.cfg`)
      await host.print(`timeout -k 1 120 xl create ${folder}/xl.cfg`, { timeoutMs: 150_000 })
      const door = { address, login: image.login, key }
      await until(async () => (await guestSh(lab(), host, door, 'true')).code === 0, {
        timeoutMs: BOOT_MS,
        everyMs: 3_000,
        what: "the tenant's key to open it",
      })
      const { stdout } = await guestSh(
        lab(),
        host,
        door,
        'hostname; id -un; cloud-init query ds 2>/dev/null | head -c 0; sudo -n id -u',
      )
      expect(stdout).toBe(`whole-1\n${image.login}\n0\n`)
      await destroy(host, 'whole')
    },
    BOOT_MS + 300_000,
  )
})
