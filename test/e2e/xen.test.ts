/**
 * A first site on Xen hosts, as docs/first-site.md tells it: by the operator's commands and the real `aws`, over real sshds. Only
 * `xl` is a fake one (test/support/fake-xl); guard, deeds, files and ssh are real.
 */
import { describeWithAws } from '../support/gateway-process'
import { describeWithSshd } from '../support/sshd'
import { until } from '../support/until'
import { introduce, type XenHost } from '../support/xen-host'
import { startXenSite, tinyInitramfs, tinyKernel, type XenSite } from '../support/xen-site'

const SITE = 'paris-1'
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDd2SY1qRH1ixv2H0ZVQ0XSNYb4rOdTTTVQoAJv7WPTL me@desk'
const PATIENCE = { timeoutMs: 40_000, everyMs: 100 }

describeWithSshd('a site of Xen hosts', () => {
  describeWithAws('with aws', (aws) => {
    let site: XenSite
    let first: XenHost
    let second: XenHost
    let ami = ''
    let web = ''
    let volume = ''
    const bare = new Map<XenHost, readonly string[]>()

    beforeAll(async () => {
      site = await startXenSite(SITE, aws)
      ;[first, second] = site.hosts
      for (const host of site.hosts) bare.set(host, host.everything())
    })
    afterAll(() => site.close())

    const shown = async (name: string) => JSON.parse(await site.og('instance', 'show', name, '--json'))
    const host = async (name: string) => JSON.parse(await site.og('host', 'show', name, '--json'))
    const untilShown = async (name: string, what: string, is: (it: Awaited<ReturnType<typeof shown>>) => boolean) => {
      try {
        await until(async () => is(await shown(name)), PATIENCE)
      } catch {
        throw new Error(`waited in vain for ${name}: ${what}; it is ${JSON.stringify(await shown(name))}`)
      }
    }
    const untilState = (name: string, state: string) => untilShown(name, state, (it) => it.state === state)
    const names = (at: XenHost) => at.domains().map((it) => it.name)
    const start = (...words: readonly string[]) =>
      site.ec2('run-instances', '--image-id', ami, ...words, '--query', 'Instances[0].InstanceId')
    const add = (at: XenHost, ...words: readonly string[]) =>
      site.og('host', 'add', at.target.name, '--zone', 'paris-1a', '--address', at.target.address, ...words)

    test('types, a network, an image, a project', async () => {
      await site.og('type', 'add', 'm1.small', '--cores', '1', '--memory-mib', '128')
      const network = ['--cidr', '10.20.0.0/16', '--gateway', '10.20.0.1', '--bridge', 'xenbr0', '--dns', '10.20.0.2']
      await site.og('network', 'add', 'lan', ...network, '--range', '10.20.1.0-10.20.1.255')
      const kernel = ['--kernel', site.file('vmlinuz', tinyKernel()), '--cmdline', 'console=hvc0', '--mode', 'pvh']
      const initramfs = ['--initramfs', site.file('initrd', tinyInitramfs())]
      ami = /ami-[0-9a-f]{17}/.exec(await site.og('image', 'add', '--name', 'tiny', ...kernel, ...initramfs))?.[0] ?? ''
      expect(await site.og('image', 'list')).toMatch(/tiny/)
      await site.enter('green')
      expect(await site.ec2('describe-images', '--query', 'Images[].[ImageId,State]')).toBe(`${ami}\tavailable`)
    }, 120_000)

    test('host add --dry-run tells what it found and changes nothing', async () => {
      const said = await add(first, '--dry-run')
      expect(said).toMatch(/^ok +xen +Xen 4\.17/m)
      expect(said).toMatch(/^ok +bridges +xenbr0$/m)
      expect(said).toMatch(/nothing was changed there; the host did not join\n$/)
      const wrong = add(first, '--dry-run', '--host-key', `SHA256:${'A'.repeat(43)}`)
      await expect(wrong).rejects.toThrow(/something is missing: host key/)
      expect(first.everything()).toEqual(bare.get(first))
      expect(await site.og('host', 'list')).toMatch(/no hosts/)
    })

    test('host add: pinned, looked at, ready', async () => {
      const wrong = add(first, '--host-key', `SHA256:${'A'.repeat(43)}`)
      await expect(wrong).rejects.toThrow(/MISSING +host key +it is not SHA256:A+/)
      expect(first.everything()).toEqual(bare.get(first))
      for (const at of [first, second]) {
        const said = await add(at)
        expect(said).toMatch(/^mended +guard/m)
        expect(said).toContain(`trusted by its host key ${at.sshd.hostKey}`)
        await until(async () => (await host(at.target.name)).contact === 'ok', { ...PATIENCE, what: 'contact' })
      }
      introduce(site.hosts)
    }, 120_000)

    test('a machine with key and user data comes to a host', async () => {
      await site.og('host', 'disable', 'xen-2')
      const key = ['--public-key-material', `fileb://${site.file('key.pub', KEY)}`]
      expect(await site.ec2('import-key-pair', '--key-name', 'desk', ...key)).not.toMatch(/refused/)
      web = await start('--key-name', 'desk', '--user-data', '#!/bin/sh\necho first boot\n')
      expect(web).toMatch(/^i-/)
      await untilState(web, 'running')
      const query = 'Reservations[].Instances[].[State.Name,PrivateIpAddress,KeyName,InstanceType]'
      expect(await site.ec2('describe-instances', '--query', query)).toBe('running\t10.20.1.0\tdesk\tm1.small')
      expect(names(first)).toEqual([web])
      expect(first.domains()[0]?.cfg).toMatch(/seed\.iso/)
      expect(first.files()).toContain(`${SITE}/machines/${web}/seed.iso`)
      expect(await site.ec2('get-console-output', '--instance-id', web, '--latest')).toContain(`${web} booted`)
    }, 120_000)

    test('stopped and started', async () => {
      expect(await site.ec2('stop-instances', '--instance-ids', web)).toContain('stopping')
      await untilState(web, 'poweroff')
      expect(names(first)).toEqual([])
      expect(await site.ec2('start-instances', '--instance-ids', web)).toContain('pending')
      await untilState(web, 'running')
      expect(names(first)).toEqual([web])
    }, 120_000)

    test('a volume: made, attached, detached, deleted', async () => {
      const order = ['--availability-zone', 'paris-1a', '--size', '1', '--query', 'VolumeId']
      volume = await site.ec2('create-volume', ...order)
      const state = async () =>
        (await site.og('volume', 'list')).split('\n').find((it) => it.startsWith(volume)) ?? 'gone'
      const becomes = (wanted: RegExp) =>
        until(async () => wanted.test(await state()), { ...PATIENCE, what: `${volume}: ${wanted}` })
      await becomes(/ available /)
      await site.ec2('attach-volume', '--volume-id', volume, '--instance-id', web, '--device', '/dev/sdf')
      await becomes(/ in-use .*attached/)
      const query = 'Volumes[].[State,Attachments[0].State,Attachments[0].Device]'
      expect(await site.ec2('describe-volumes', '--query', query)).toBe('in-use\tattached\t/dev/sdf')
      expect(first.files().filter((file) => file.startsWith(`${SITE}/disks/`))).toHaveLength(1)
      await site.ec2('detach-volume', '--volume-id', volume)
      await becomes(/ available /)
      await site.ec2('delete-volume', '--volume-id', volume)
      await becomes(/^gone$/)
      expect(first.files().filter((file) => file.startsWith(`${SITE}/disks/`))).toEqual([])
    }, 120_000)

    test('a changed host key: nothing more is sent there, and the reason is told', async () => {
      const was = second.sshd.hostKey
      await second.sshd.crash()
      const is = second.sshd.changeHostKey()
      await second.sshd.start()
      await until(async () => (await host('xen-2')).distrustedSince !== null, { ...PATIENCE, what: 'distrust' })
      const told = await site.og('host', 'show', 'xen-2')
      expect(told).toMatch(/^state +distrusted$/m)
      expect(told).toMatch(/^message .*host key/m)
      expect(told).toContain(is)
      expect(told).toContain(was)
      await expect(site.og('host', 'trust', 'xen-2', '--host-key', was)).rejects.toThrow(/nothing was changed/)
      expect(await site.og('host', 'trust', 'xen-2')).toBe(`xen-2 is trusted by its host key ${is}\n`)
      await until(async () => (await host('xen-2')).distrustedSince === null, { ...PATIENCE, what: 'trust' })
      expect(await host('xen-2')).toMatchObject({ contact: 'ok', hostKeys: [is], message: null })
    }, 120_000)

    test('moved to the other host, and terminated there', async () => {
      await site.og('host', 'enable', 'xen-2')
      await site.og('instance', 'move', web, '--to', 'xen-2', '--cold')
      await untilShown(web, 'on xen-2', (it) => it.host === 'xen-2' && it.state === 'running')
      await until(() => names(first).length === 0 && names(second).length === 1, { ...PATIENCE, what: 'the move' })
      expect(names(second)).toEqual([web])
      await site.ec2('terminate-instances', '--instance-ids', web)
      await until(() => names(second).length === 0, { ...PATIENCE, what: 'its end' })
      const left = () => site.hosts.flatMap((at) => at.files()).filter((file) => file.includes(web))
      await until(() => left().length === 0, { ...PATIENCE, what: 'nothing of it on the hosts' })
      expect(left()).toEqual([])
    }, 120_000)

    test('fenced: what has no disk starts on the other host, what has one stays unknown and says why', async () => {
      await site.og('host', 'disable', 'xen-2')
      const restartable = ['--maintenance-options', 'AutoRecovery=default']
      const two = await site.ec2(
        ...['run-instances', '--image-id', ami, '--count', '2', ...restartable],
        ...['--query', 'Instances[].InstanceId'],
      )
      const [bareOne = '', withDisk = ''] = two.split(/\s+/)
      for (const name of [bareOne, withDisk]) await untilState(name, 'running')
      const order = ['--availability-zone', 'paris-1a', '--size', '1', '--query', 'VolumeId']
      const disk = await site.ec2('create-volume', ...order)
      await site.ec2('attach-volume', '--volume-id', disk, '--instance-id', withDisk, '--device', '/dev/sdf')
      await until(() => first.domains().some((it) => it.name === withDisk && /xvdf/.test(it.cfg)), {
        ...PATIENCE,
        what: 'disk',
      })
      await site.og('host', 'enable', 'xen-2')
      await first.sshd.crash()
      await untilState(bareOne, 'unknown')
      expect(names(second)).toEqual([])
      expect(await site.og('host', 'fence', 'xen-1', '--confirmed')).toMatch(/^xen-1 is fenced since/)
      await untilShown(bareOne, 'on xen-2', (it) => it.host === 'xen-2' && it.state === 'running')
      expect(names(second)).toEqual([bareOne])
      await untilShown(withDisk, 'why', (it) => Boolean(it.message?.includes(disk)))
      expect(await shown(withDisk)).toMatchObject({ state: 'unknown', host: 'xen-1' })
      await first.sshd.start()
      await until(async () => (await host('xen-1')).fenced === null, { ...PATIENCE, what: 'its return' })
      await until(() => !names(first).includes(bareOne), { ...PATIENCE, what: 'the end of what was given up' })
      await untilState(withDisk, 'running')
      await site.ec2('terminate-instances', '--instance-ids', bareOne, withDisk)
      await until(() => site.hosts.every((at) => names(at).length === 0), { ...PATIENCE, what: 'no machine' })
      await site.ec2('delete-volume', '--volume-id', disk)
    }, 240_000)

    test('removed: nothing of ours stays on a host', async () => {
      const isFree = async (at: XenHost) => {
        const { used } = await host(at.target.name)
        return used.machines === 0 && used.diskGiB === 0
      }
      for (const at of site.hosts) {
        await until(() => isFree(at), { ...PATIENCE, what: `no place taken on ${at.target.name}` })
        expect(await site.og('host', 'remove', at.target.name)).toBe(`${at.target.name} is removed\n`)
        expect(at.everything()).toEqual(bare.get(at))
      }
      expect(await site.og('host', 'list')).toMatch(/no hosts/)
    }, 120_000)
  })
})
