/**
 * Machines that ran before anybody here knew of them, taken over by the operator's commands and used by the real `aws`, over real
 * sshds. Only `xl` is a fake one (test/support/fake-xl); guard, deeds, files and ssh are real.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeWithAws } from '../support/gateway-process'
import { describeWithSshd } from '../support/sshd'
import { until } from '../support/until'
import type { XenHost } from '../support/xen-host'
import { startXenSite, tinyKernel, type XenSite } from '../support/xen-site'
import { xenForeign } from '../support/xen-stage'

const SITE = 'paris-1'
const PATIENCE = { timeoutMs: 40_000, everyMs: 100 }
const ORPHAN = 'i-0123456789abcdef0'

describeWithSshd('machines that nobody ordered', () => {
  describeWithAws('with aws', (aws) => {
    let site: XenSite
    let host: XenHost
    let web: ReturnType<typeof xenForeign>
    let name = ''
    let bare: readonly string[] = []

    beforeAll(async () => {
      site = await startXenSite(SITE, aws)
      ;[host] = site.hosts
      await site.og('type', 'add', 'm1.small', '--cores', '2', '--memory-mib', '128')
      await site.og('type', 'add', 'm1.tiny', '--cores', '1', '--memory-mib', '64')
      const network = ['--cidr', '10.20.0.0/16', '--gateway', '10.20.0.1', '--bridge', 'xenbr0']
      await site.og('network', 'add', 'lan', ...network, '--range', '10.20.3.4-10.20.3.5')
      await site.enter('green')
      bare = host.everything()
      await site.og('host', 'add', 'xen-1', '--zone', 'paris-1a', '--address', host.target.address)
      web = xenForeign(host, 'web')
      await until(async () => (await shownHost()).foreign.includes('web'), { ...PATIENCE, what: 'it to be listed' })
    }, 120_000)
    afterAll(() => site.close())

    const shownHost = async () => JSON.parse(await site.og('host', 'show', 'xen-1', '--json'))
    const shown = async () => JSON.parse(await site.og('instance', 'show', name, '--json'))
    const untilState = (state: string) =>
      until(async () => (await shown()).state === state, { ...PATIENCE, what: `${name} to be ${state}` })
    const names = () => host.domains().map((it) => it.name)
    const adopt = (domain: string, ...words: readonly string[]) =>
      site.og('host', 'adopt', 'xen-1', domain, '--project', 'green', ...words)
    /** But for what deeds note of the host's tools when they first need them. */
    const there = () => host.everything().filter((file) => !/\/\.(?:reflink|timeout)$/.test(file))
    const unchanged = async (run: () => Promise<unknown>) => {
      const before = [there(), names(), await site.og('instance', 'list')]
      await run()
      expect([there(), names(), await site.og('instance', 'list')]).toEqual(before)
    }

    test('are listed, and what runs the host is told apart', async () => {
      const listed = await site.og('host', 'foreign', 'xen-1')
      expect(listed).toMatch(/^Domain-0 +\d+ +512 MiB +runs the host itself$/m)
      expect(listed).toMatch(/^web +2 +128 MiB +not ours; host adopt xen-1 web takes it over$/m)
      const told = await site.og('host', 'show', 'xen-1')
      expect(told).toMatch(/^runs the host +Domain-0$/m)
      expect(told).toMatch(/^foreign domains +web /m)
    })

    test('--dry-run tells what would be made of it, and changes nothing', async () => {
      await unchanged(async () => {
        const said = await adopt('web', '--dry-run')
        expect(said).toMatch(/^type +m1\.small$/m)
        expect(said).toMatch(/^disks +xvda \S+web\.img \(1 GiB, stays when it ends\)$/m)
        expect(said).toMatch(/nothing was changed; without --dry-run it is taken over\n$/)
      })
    })

    test('what cannot be taken over is refused by name, and nothing is changed', async () => {
      const twin = xenForeign(host, 'twin')
      host.dropDomain('twin')
      host.foreign('twin', 64, {
        uuid: twin.uuid,
        disks: [`format=raw,vdev=xvda,access=rw,target=${web.disk}`],
        json: '"pcidevs": [ { "dev": 3 } ],',
      })
      await unchanged(async () => {
        await expect(adopt('Domain-0')).rejects.toThrow(/runs the host itself/)
        await expect(adopt('nobody')).rejects.toThrow(/there is no domain nobody on this host/)
        await expect(adopt('web')).rejects.toThrow(/its disk xvda \(\S+web\.img\) belongs to the domain twin too/)
        await expect(adopt('twin')).rejects.toThrow(/passed through to it \(pcidevs\).*belongs to the domain web too/)
      })
      host.dropDomain('twin')
      await unchanged(async () => {
        await expect(adopt('web', '--type', 'm9.huge')).rejects.toThrow(/no type m9\.huge/)
        await expect(adopt('web', '--network', 'wan')).rejects.toThrow(/no network wan/)
        await expect(adopt('web', '--address', '192.0.2.1')).rejects.toThrow(/gives nobody the address 192\.0\.2\.1/)
      })
    }, 60_000)

    test('taken over as it runs: shown as a machine of the project', async () => {
      const said = await adopt('web', '--name', 'the shop', '--address', '10.20.3.4')
      name = /^name +(i-[0-9a-f]{17})$/m.exec(said)?.[1] ?? ''
      expect(said).toMatch(/^state +running$/m)
      expect(names()).toEqual([name])
      expect(host.domains()[0]?.domid).toBeGreaterThanOrEqual(900)
      const query = 'Reservations[].Instances[].[State.Name,PrivateIpAddress,InstanceType,ImageId,Tags[0].Value]'
      expect(await site.ec2('describe-instances', '--query', query)).toBe('running\t10.20.3.4\tm1.small\t\tthe shop')
      const disks = 'Reservations[].Instances[].BlockDeviceMappings[].[DeviceName,Ebs.DeleteOnTermination]'
      expect(await site.ec2('describe-instances', '--query', disks)).toBe('/dev/xvda\tFalse')
      expect(await site.og('instance', 'show', name)).toMatch(/^taken over +it was web; what its disks lie on stays/m)
      await until(async () => (await shownHost()).foreign.length === 0, { ...PATIENCE, what: 'the list to follow' })
      expect(await site.ec2('get-console-output', '--instance-id', name, '--latest')).toContain('web booted long ago')
    }, 60_000)

    test('its address is nobody else’s', async () => {
      const key = ['--kernel', site.file('vmlinuz', tinyKernel()), '--mode', 'pvh']
      await site.og('image', 'add', '--name', 'tiny', ...key)
      const ami = await site.ec2('describe-images', '--query', 'Images[0].ImageId')
      const order = ['--image-id', ami, '--instance-type', 'm1.tiny', '--query', 'Instances[].PrivateIpAddress']
      const run = (count: string) => site.ec2('run-instances', ...order, '--count', count)
      expect(await run('2')).toMatch(/^refused: .*address/i)
      expect(await run('1')).toBe('10.20.3.5')
      const other = await site.ec2(
        ...['describe-instances', '--filters', 'Name=private-ip-address,Values=10.20.3.5'],
        ...['--query', 'Reservations[].Instances[].InstanceId'],
      )
      await until(() => names().includes(other), { ...PATIENCE, what: 'the other one' })
      await site.ec2('terminate-instances', '--instance-ids', other)
      await until(() => names().join() === name, { ...PATIENCE, what: 'its end' })
    }, 60_000)

    test('rebooted, stopped and started: the same machine on the same disk', async () => {
      expect(await site.ec2('reboot-instances', '--instance-ids', name)).not.toMatch(/refused/)
      await until(() => (host.domains()[0]?.domid ?? 999) < 900, { ...PATIENCE, what: 'its restart' })
      await site.ec2('stop-instances', '--instance-ids', name)
      await untilState('poweroff')
      expect(names()).toEqual([])
      await site.ec2('start-instances', '--instance-ids', name)
      await untilState('running')
      expect(names()).toEqual([name])
      expect(host.domains()[0]?.cfg).toContain(`vdev=xvda,access=rw,target=${web.disk}`)
      expect(host.domains()[0]?.cfg).toContain(`uuid = "${web.uuid}"`)
      expect(host.domains()[0]?.cfg).toContain(`mac=${web.mac},bridge=xenbr0`)
    }, 60_000)

    test('it is not moved, and told why', async () => {
      await expect(site.og('instance', 'move', name, '--to', 'xen-1', '--cold')).rejects.toThrow(/on that host already/)
      const second = site.hosts[1]
      await site.og('host', 'add', 'xen-2', '--zone', 'paris-1a', '--address', second.target.address)
      await expect(site.og('instance', 'move', name, '--to', 'xen-2', '--cold')).rejects.toThrow(/it was taken over/)
      await site.og('host', 'remove', 'xen-2')
    }, 60_000)

    test('terminated: it ends, and what its disk lies on stays', async () => {
      await site.ec2('terminate-instances', '--instance-ids', name)
      await until(() => names().length === 0, { ...PATIENCE, what: 'its end' })
      const left = () => host.files().filter((file) => file.includes(name))
      await until(() => left().length === 0, { ...PATIENCE, what: 'nothing of ours' })
      expect(web.isKept()).toBe(true)
      await untilState('done')
    }, 60_000)

    test('an orphan is told as one, with what to do', async () => {
      const folder = join(host.folder, 'machines', ORPHAN)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'machine'), 'id 22222222-2222-4333-8444-555555555555\nsite paris-1\n')
      await until(async () => (await shownHost()).orphans.includes(ORPHAN), { ...PATIENCE, what: 'the orphan' })
      expect(await site.og('host', 'foreign', 'xen-1')).toMatch(new RegExp(`^${ORPHAN} .*an orphan`, 'm'))
      expect(await site.og('host', 'show', 'xen-1')).toMatch(/^orphans .*docs\/xen\.md, Orphans/m)
      await expect(adopt(ORPHAN)).rejects.toThrow(/is an orphan: .*end it on its host by hand/)
      rmSync(folder, { recursive: true })
    }, 60_000)

    test('removed: nothing of ours stays on the host', async () => {
      await site.og('host', 'remove', 'xen-1')
      expect(host.everything().filter((path) => !path.startsWith('guest'))).toEqual(bare)
    }, 60_000)
  })
})
