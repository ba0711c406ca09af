/** Commands over a real sshd. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Client } from 'ssh2'
import { openRemote, type Remote, type RemoteTarget, remoteTarget } from '../../../../workers/drivers/remote'
import { describeWithSshd, startSshd, type TestSshd } from '../../../support/sshd'
import { until } from '../../../support/until'

describeWithSshd('commands over ssh', () => {
  let sshd: TestSshd
  let remote: Remote
  let target: RemoteTarget
  beforeAll(async () => {
    sshd = await startSshd({ settings: ['MaxSessions 4'] })
    remote = openRemote({ keyFile: sshd.keyFile })
    target = remoteTarget(sshd.address, [sshd.hostKey])
  })
  afterAll(async () => {
    await remote.close()
    await sshd.close()
  })
  const sh = (script: string, more: { deadlineMs?: number; input?: Buffer | Readable; maxBytes?: number } = {}) =>
    remote.run(target, ['sh', '-c', script], { deadlineMs: 10_000, ...more })
  const connections = (): number => (sshd.log().match(/Accepted publickey/g) ?? []).length

  test('status, output and error output come back', async () => {
    const output = await sh('echo out; echo err >&2; exit 3')
    expect(output).toEqual({ code: 3, stdout: Buffer.from('out\n'), stderr: 'err\n' })
  })

  test('words arrive as they are', async () => {
    const words = ["it's", '$HOME', '`id`', 'a  b', '', '*', 'ü\n']
    const { stdout } = await remote.run(target, ['printf', '%s\\0', ...words], { deadlineMs: 10_000 })
    expect(stdout.toString('utf8').split('\0').slice(0, -1)).toEqual(words)
  })

  test('a connection that ends just as a command is to go loses no command: it goes over the next one', async () => {
    const exec = jest.spyOn(Client.prototype, 'exec').mockImplementationOnce(() => {
      throw new Error('Not connected')
    })
    expect((await sh('echo after')).stdout.toString()).toBe('after\n')
    expect(exec).toHaveBeenCalledTimes(2)
    exec.mockRestore()
  })

  test('a signal is a status above 128', async () => {
    expect((await sh('kill -9 $$')).code).toBe(137)
  })

  test('input goes in and ends, none is none', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 0])
    expect((await sh('cat', { input: bytes })).stdout).toEqual(bytes)
    const stream = Readable.from([Buffer.alloc(300_000, 1), Buffer.alloc(300_000, 2)])
    expect((await sh('wc -c', { input: stream })).stdout.toString().trim()).toBe('600000')
    expect((await sh('cat')).stdout).toHaveLength(0)
  })

  test('input that the command does not read is no error', async () => {
    expect((await sh('exit 0', { input: Buffer.alloc(4_000_000) })).code).toBe(0)
    expect((await sh('exit 4', { input: Readable.from([Buffer.alloc(4_000_000)]) })).code).toBe(4)
  })

  test('input that breaks off on our side ends the call', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half')
        throw new Error('the store went away')
      })(),
    )
    await expect(sh('cat', { input: broken })).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('output is bounded', async () => {
    await expect(sh('head -c 2000 /dev/zero', { maxBytes: 1_000 })).rejects.toMatchObject({
      kind: 'refused',
      detail: { reason: 'too-long' },
    })
    expect((await sh('head -c 1000 /dev/zero', { maxBytes: 1_000 })).stdout).toHaveLength(1_000)
    const { stderr } = await sh('head -c 100000 /dev/zero | tr "\\0" x >&2; echo end >&2')
    expect(stderr).toHaveLength(16 * 1024)
    expect(stderr.endsWith('end\n')).toBe(true)
  })

  test('a deadline ends the wait', async () => {
    await expect(sh('sleep 60', { deadlineMs: 200 })).rejects.toMatchObject({ kind: 'timeout' })
  })

  test('all of it over one connection, however many at once and however few sessions sshd gives', async () => {
    const before = connections()
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => sh(`echo ${index}`)))
    expect(answers.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 30 }, (_, index) => index))
    expect(connections()).toBe(before)
  })

  test('a lost connection: the outcome is unknown, the next command opens another one', async () => {
    const started = join(sshd.folder, 'started')
    const lost = sh(`echo $$ >${started}; exec sleep 60`)
    const caught = expect(lost).rejects.toMatchObject({ kind: 'unreachable', retriable: true })
    await until(() => existsSync(started) && readFileSync(started, 'utf8') !== '')
    sshd.dropConnections()
    await caught
    expect((await sh('echo back')).stdout.toString()).toBe('back\n')
  })

  test('a host that is away and comes back', async () => {
    await sshd.crash()
    await expect(sh('true')).rejects.toMatchObject({ kind: 'unreachable' })
    await sshd.start()
    expect((await until(() => sh('echo back'))).stdout.toString()).toBe('back\n')
  })

  test('the key that a host shows can be asked for', async () => {
    await expect(remote.hostKeyOf('127.0.0.1', sshd.port)).resolves.toBe(sshd.hostKey)
    await expect(remote.hostKeyOf('127.0.0.1', 1)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('a pin that was exchanged counts at once, for an open connection too', async () => {
    await sh('true')
    const other = { ...target, hostKeys: ['SHA256:other'] }
    await expect(remote.run(other, ['true'], { deadlineMs: 5_000 })).rejects.toMatchObject({
      detail: { reason: 'host-key-changed', allowed: ['SHA256:other'] },
    })
  })

  test('a changed host key: nothing is sent, and the fault says which it shows', async () => {
    await sshd.crash()
    const shown = sshd.changeHostKey()
    await sshd.start()
    const accepted = connections()
    await until(async () => {
      const failure = await sh('true').catch((thrown) => thrown)
      return failure.detail?.reason === 'host-key-changed' && failure.message.includes(shown)
    })
    await expect(sh('true')).rejects.toMatchObject({ kind: 'unreachable', detail: { reason: 'host-key-changed' } })
    expect(connections()).toBe(accepted)
    target = remoteTarget(sshd.address, [sshd.hostKey])
    expect((await until(() => sh('echo pinned anew'))).code).toBe(0)
  })

  test('without a pinned key nothing is connected to', async () => {
    const fresh = openRemote({ keyFile: sshd.keyFile })
    const run = fresh.run({ ...target, hostKeys: [] }, ['true'], { deadlineMs: 5_000 })
    await expect(run).rejects.toMatchObject({ detail: { reason: 'host-key-changed' } })
    await fresh.close()
  })

  test('keys that the host does not accept, a key file that is none', async () => {
    const stranger = openRemote({})
    await expect(stranger.run(target, ['true'], { deadlineMs: 5_000 })).rejects.toMatchObject({
      kind: 'unreachable',
      detail: { reason: 'not-authenticated' },
    })
    await stranger.close()
    const missing = openRemote({ keyFile: join(sshd.folder, 'none') })
    await expect(missing.run(target, ['true'], { deadlineMs: 5_000 })).rejects.toMatchObject({ kind: 'refused' })
    const garbled = join(sshd.folder, 'garbled')
    writeFileSync(garbled, 'no key')
    const broken = openRemote({ keyFile: garbled })
    await expect(broken.run(target, ['true'], { deadlineMs: 5_000 })).rejects.toMatchObject({ kind: 'refused' })
  })

  const AGENT = ['ssh-agent', 'ssh-add'].every((tool) => spawnSync(tool, ['-?']).error === undefined)
  const withAgent = AGENT ? test : test.skip

  withAgent('a key that an agent holds (skipped where there is no ssh-agent)', async () => {
    const agent = join(sshd.folder, 'agent')
    const child = spawn('ssh-agent', ['-D', '-a', agent], { stdio: 'ignore' })
    await until(() => existsSync(agent))
    expect(spawnSync('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: agent } }).status).toBe(0)
    const held = openRemote({ agent })
    expect((await held.run(target, ['true'], { deadlineMs: 10_000 })).code).toBe(0)
    await held.close()
    child.kill()
  })

  test('after close nothing goes out any more', async () => {
    const closing = openRemote({ keyFile: sshd.keyFile })
    const running = closing.run(target, ['sleep', '60'], { deadlineMs: 60_000 })
    const caught = expect(running).rejects.toMatchObject({ kind: 'unreachable' })
    await closing.run(target, ['true'], { deadlineMs: 5_000 })
    await closing.close()
    await caught
    await expect(closing.run(target, ['true'], { deadlineMs: 5_000 })).rejects.toMatchObject({ kind: 'unreachable' })
  })
})

describe('what is no sshd', () => {
  let server: Server
  const open = new Set<Socket>()
  const serve = async (answer: (socket: Socket) => void): Promise<RemoteTarget> => {
    server = createServer((socket) => {
      open.add(socket)
      socket.on('error', () => undefined)
      answer(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    return { user: 'root', host: '127.0.0.1', port, hostKeys: ['SHA256:x'] }
  }
  afterEach(async () => {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  test('silence ends at the deadline to connect', async () => {
    const target = await serve(() => undefined)
    const remote = openRemote({ connectMs: 100 })
    await expect(remote.run(target, ['true'], { deadlineMs: 5_000 })).rejects.toMatchObject({ kind: 'unreachable' })
    await expect(remote.hostKeyOf(target.host, target.port)).rejects.toMatchObject({ kind: 'unreachable' })
    await remote.close()
  })

  test('another protocol', async () => {
    const target = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const remote = openRemote()
    await expect(remote.run(target, ['true'], { deadlineMs: 5_000 })).rejects.toMatchObject({ kind: 'unreachable' })
    await remote.close()
  })

  test('attempts are made further and further apart', async () => {
    let attempts = 0
    const target = await serve((socket) => {
      attempts++
      socket.destroy()
    })
    const remote = openRemote()
    const giveUp = performance.now() + 1_000
    while (performance.now() < giveUp)
      await remote
        .run(target, ['true'], { deadlineMs: 1_000 })
        .catch((thrown) => expect(thrown.kind).toBe('unreachable'))
    expect(attempts).toBeGreaterThan(2)
    expect(attempts).toBeLessThan(10)
    await remote.close()
  })
})
