/**
 * Fully virtual machines (hvm) on real hosts, by `aws`: what such a guest writes on its first serial line is its console output, and it
 * moves to another host while it runs.
 */
import { answered } from './domains'
import { introduceHosts, type LabSite, startSite } from './site'
import { grows, hostOf, type Machine, otherThan, runInstance, saysOnConsole, shown, ticksOfMove } from './tenant'
import { useLab } from './use-lab'

/** With a BIOS and QEMU beside it, the kernel wants more than 96 MiB. */
const TYPE = 'x1.hvm'

import { patient } from './patience'

const lab = useLab()
let site: LabSite
let machine: Machine

beforeAll(async () => {
  site = await startSite(lab())
  await introduceHosts(lab())
  await site.og('type', 'add', TYPE, '--cores', '1', '--cpu-percent', '20', '--memory-mib', '192')
}, patient(300_000))
afterAll(() => site?.close())

/** On its serial line only: `quiet`, for each character of it is slow. */
async function image(): Promise<string> {
  const { kernel, ramdisk } = lab().images.tiny
  const files = ['--kernel', kernel, '--initramfs', ramdisk, '--mode', 'hvm']
  const said = await site.og(
    ...['image', 'add', '--name', 'tiny-hvm', ...files, '--cmdline', 'console=ttyS0 quiet mitigations=off'],
  )
  const name = /ami-[0-9a-f]{17}/.exec(said)?.[0]
  if (!name) throw new Error(said)
  return name
}

test('its serial line is its console output', async () => {
  machine = await runInstance(site, '--image-id', await image(), '--instance-type', TYPE)
  const { instance, address } = machine
  await site.ec2('wait', 'instance-running', '--instance-ids', instance)
  expect(await answered(hostOf(lab(), 'hv1'), address, '/about')).toContain('type=HVM')
  await saysOnConsole(site, instance, `GUEST hostname=${instance} address=${address}/24`)
  await saysOnConsole(site, instance, 'TICK 5')
})

test('moves to the other host while it runs, and goes on there', async () => {
  const from = await shown(site, machine.instance, 'host')
  const ticks = await ticksOfMove(site, lab(), machine, otherThan(from))
  expect(ticks.length).toBeGreaterThan(2)
  expect(grows(ticks)).toBe(true)
  expect(await hostOf(lab(), from).print('xl list')).not.toContain(machine.instance)
})

test('goes on telling what it writes', async () => {
  const { address, instance } = machine
  const at = Number(await answered(hostOf(lab(), 'hv1'), address, '/tick'))
  // Each fifth is written.
  await saysOnConsole(site, instance, `TICK ${Math.ceil((at + 1) / 5) * 5}`)
  await site.ec2('terminate-instances', '--instance-ids', instance)
  await site.ec2('wait', 'instance-terminated', '--instance-ids', instance)
})
