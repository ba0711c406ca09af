/** The lab's own hosts, by plain ssh and `xl`: what the tests of the drivers stand on. */
import { until } from '../../support/until'
import {
  answered,
  consoleOf,
  create,
  type Domain,
  destroy,
  fetchFrom,
  folderOf,
  type GuestType,
  lives,
} from './domains'
import { mountShared } from './shared'
import { useLab } from './use-lab'

const lab = useLab()

/** An emulated clock follows ours as well as this machine has time for it. */
const LATE_S = 10

const domain = (type: GuestType, number: number): Domain => ({
  name: `${type}${number}`,
  type,
  address: `192.168.77.${100 + number}`,
  mac: `00:16:3e:77:00:${(0x60 + number).toString(16)}`,
})

test('both are Xen hosts that know each other, with the right time', async () => {
  for (const host of lab().hosts) {
    const info = await host.print('xl info')
    expect(info).toMatch(new RegExp(`^host +: ${host.name}$`, 'm'))
    expect(info).toMatch(/^virt_caps +: pv hvm hap/m)
    const before = Date.now() / 1000
    const theirs = Number(await host.print('date +%s'))
    expect(theirs).toBeGreaterThan(before - LATE_S)
    expect(theirs).toBeLessThan(Date.now() / 1000 + LATE_S)
  }
  const [hv1, hv2] = lab().hosts
  expect(await hv1.print(`ssh -o BatchMode=yes ${hv2.address} hostname`)).toBe('hv2\n')
  expect(await hv2.print(`ssh -o BatchMode=yes ${hv1.address} hostname`)).toBe('hv1\n')
})

describe.each(['pv', 'pvh', 'hvm'] as const)('%s', (type) => {
  const guest = domain(type, 1)

  test('boots, says who it is, answers, is saved and restored, obeys shutdown', async () => {
    const [hv1, hv2] = lab().hosts
    await create(hv1, guest)
    expect(await answered(hv1, guest.address)).toBe(guest.name)
    expect(await fetchFrom(hv2, guest.address)).toBe(guest.name)
    const about = await fetchFrom(hv1, guest.address, '/about')
    expect(about).toContain(`type=${type.toUpperCase()}`)
    expect(about).toContain('boots=1')
    expect(await consoleOf(hv1, guest.name)).toContain(`GUEST hostname=${guest.name} address=${guest.address}/24`)

    const before = Number(await fetchFrom(hv1, guest.address, '/tick'))
    const file = `${folderOf(guest.name)}/saved`
    await hv1.print(`timeout -k 1 60 xl save ${guest.name} ${file}`)
    expect(await lives(hv1, guest.name)).toBe(false)
    await hv1.print(`timeout -k 1 60 xl restore ${file}`, { timeoutMs: 90_000 })
    expect(Number(await answered(hv1, guest.address, '/tick'))).toBeGreaterThanOrEqual(before)

    await hv1.print(`timeout -k 1 60 xl shutdown -w ${guest.name}`, { timeoutMs: 90_000 })
    await until(async () => !(await lives(hv1, guest.name)), { timeoutMs: 20_000, what: 'it to be gone' })
    await destroy(hv1, guest.name)
  })
})

describe('a live migration', () => {
  const guest = domain('pvh', 2)
  const shared = `/shared/${guest.name}`

  test('of a PVH machine whose disk is on shared storage', async () => {
    const [hv1, hv2] = lab().hosts
    await mountShared(lab())
    // The same path on both hosts, as with a file server.
    for (const host of lab().hosts)
      await host.print(`mkdir -p /shared/${guest.name} /var/lib/lab; ln -sfn ${shared} ${folderOf(guest.name)}`)
    await create(hv1, guest)
    await answered(hv1, guest.address)
    const before = Number(await fetchFrom(hv1, guest.address, '/tick'))
    await hv1.print(`timeout -k 1 200 xl migrate ${guest.name} ${hv2.address}`, { timeoutMs: 240_000 })
    expect(await lives(hv1, guest.name)).toBe(false)
    expect(await lives(hv2, guest.name)).toBe(true)
    expect(Number(await answered(hv1, guest.address, '/tick'))).toBeGreaterThan(before)
    await hv2.print(`timeout -k 1 60 xl reboot ${guest.name}`)
    await until(async () => (await fetchFrom(hv2, guest.address, '/about')).includes('boots=2'), {
      timeoutMs: 120_000,
      everyMs: 1_000,
    })
    await destroy(hv2, guest.name)
  })
})

describe('a host', () => {
  test('that is cut off hangs and comes back', async () => {
    const [, hv2] = lab().hosts
    await hv2.monitor.cut()
    expect((await hv2.sh('true', { timeoutMs: 8_000 })).code).not.toBe(0)
    await hv2.monitor.join()
    await until(async () => (await hv2.sh('true')).code === 0, { timeoutMs: 20_000 })
  })

  test('that crashes is another boot, with what was on its disk', async () => {
    const [, hv2] = lab().hosts
    const boot = await hv2.print('cat /proc/sys/kernel/random/boot_id')
    await hv2.print('echo kept > /root/kept; sync')
    await create(hv2, domain('pv', 3))
    await hv2.monitor.kill()
    expect((await hv2.sh('true', { timeoutMs: 8_000 })).code).not.toBe(0)
    await hv2.monitor.boot()
    expect(await hv2.print('cat /root/kept')).toBe('kept\n')
    expect(await hv2.print('cat /proc/sys/kernel/random/boot_id')).not.toBe(boot)
    expect(await lives(hv2, 'pv3')).toBe(false)
  })
})
