/** How the guard comes to a host, by whichever account, and how it goes again. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostId } from '../../../../../src/model/ids'
import type { GuardedHost } from '../../../../../workers/drivers/guard/guarded-host'
import { openGuardedHost } from '../../../../../workers/drivers/guard/guarded-host'
import { guardCommand, operatorScript } from '../../../../../workers/drivers/guard/install'
import { enterScript } from '../../../../../workers/drivers/guard/script'
import { openRemote, type Remote, remoteTarget } from '../../../../../workers/drivers/remote'
import { expectGolden } from '../../../../support/golden'
import {
  DEEDS,
  effectTicket,
  finish,
  type GuardStage,
  SITE,
  startGuardStage,
  ticket,
  unfinish,
} from '../../../../support/guard/stage'
import { describeWithSshd } from '../../../../support/sshd'
import { until } from '../../../../support/until'

describeWithSshd('the guard on a host', () => {
  let stage: GuardStage
  let guard: GuardedHost
  beforeEach(async () => {
    stage = await startGuardStage()
    guard = stage.worker()
  })
  afterEach(async () => {
    await guard.close()
    await stage.close()
  })
  const hello = (by: GuardedHost = guard) => by.free(stage.host, 'hello', ['you']).then(String)
  const versions = (): readonly string[] => readdirSync(join(stage.folder, 'guard', 'versions')).sort()

  test('the first call installs it, however many calls are first', async () => {
    expect(await Promise.all([hello(), hello(), hello(stage.worker())])).toEqual(Array(3).fill('hello you\n'))
    expect(versions()).toEqual([guard.version])
    expect(statSync(join(stage.folder, 'guard', 'versions')).mode & 0o777).toBe(0o700)
  })

  test('another version comes beside it and keeps the records; an old one goes after days', async () => {
    await guard.look(stage.host, ticket('r', '1.5'), 'seen', [])
    const remote = openRemote({ keyFile: stage.sshd.keyFile })
    const next = openGuardedHost({ remote, site: SITE, deeds: [DEEDS, '# newer\n'], folder: stage.folder })
    await expect(next.look(stage.host, ticket('r', '1.4'), 'seen', [])).rejects.toMatchObject({ kind: 'stale' })
    expect(versions()).toEqual([guard.version, next.version].sort())
    const longAgo = Date.now() / 1000 - 4 * 86_400
    utimesSync(join(stage.folder, 'guard', 'versions', guard.version), longAgo, longAgo)
    await next.install(stage.host)
    expect(versions()).toEqual([next.version])
    expect(await hello()).toBe('hello you\n')
    await next.close()
    await remote.close()
  })

  test('a version that somebody removed is installed again', async () => {
    await hello()
    rmSync(join(stage.folder, 'guard', 'versions'), { recursive: true })
    expect(await hello()).toBe('hello you\n')
    rmSync(join(stage.folder, 'guard'), { recursive: true })
    expect(await hello()).toBe('hello you\n')
  })

  test('sites keep apart', async () => {
    const remote = openRemote({ keyFile: stage.sshd.keyFile })
    const other = openGuardedHost({ remote, site: 'elsewhere', deeds: [DEEDS], folder: stage.folder })
    await guard.look(stage.host, ticket('r', '1.5'), 'seen', [])
    expect((await other.look(stage.host, ticket('r', '1.4'), 'seen', [])).payload.toString()).toBe('seen \n')
    await remote.close()
  })

  test('nothing is left when it is removed; not there is removed', async () => {
    await guard.effect(stage.host, effectTicket('r', '1.1', 'k'), 'tells', [])
    rmSync(join(stage.folder, 'did'), { force: true })
    await guard.uninstall(stage.host)
    expect(existsSync(stage.folder)).toBe(false)
    await guard.uninstall(stage.host)
    expect(await hello()).toBe('hello you\n')
  })

  test('what another site knows of this host stays when one site leaves; the guard goes with the last', async () => {
    const remote = openRemote({ keyFile: stage.sshd.keyFile })
    const other = openGuardedHost({ remote, site: 'elsewhere', deeds: [DEEDS], folder: stage.folder })
    await guard.look(stage.host, ticket('r', '1.5'), 'seen', [])
    await other.look(stage.host, ticket('r', '1.5'), 'seen', [])
    await guard.uninstall(stage.host)
    expect(readdirSync(join(stage.folder, 'guard', 'records'))).toEqual(['elsewhere'])
    await expect(other.look(stage.host, ticket('r', '1.4'), 'seen', [])).rejects.toMatchObject({ kind: 'stale' })
    await other.uninstall(stage.host)
    expect(existsSync(join(stage.folder, 'guard'))).toBe(false)
    await remote.close()
  })

  test('it is not removed under work', async () => {
    unfinish(stage)
    await guard.effect(stage.host, effectTicket('r', '1.1', 'k'), 'do', ['detached'], { detached: true })
    await until(() => stage.names('r').includes('work'))
    await expect(guard.uninstall(stage.host)).rejects.toMatchObject({ kind: 'refused' })
    finish(stage)
    await until(() => !stage.names('r').includes('work'))
    await guard.uninstall(stage.host)
  })

  test('a host that lacks a tool is told which', async () => {
    const bare = join(stage.sshd.folder, 'bare')
    mkdirSync(bare)
    for (const tool of ['sh', 'cat', 'mkdir', 'chmod', 'sudo'])
      writeFileSync(join(bare, tool), `#!/bin/sh\nexec ${tool === 'sudo' ? '"$@"' : `/bin/${tool} "$@"`}\n`, {
        mode: 0o755,
      })
    const script = readFileSync(join(__dirname, '../../../../../workers/drivers/guard/install.ts'), 'utf8')
    const bootstrap = /BOOTSTRAP = `([^`]*)`/.exec(script)?.[1] ?? ''
    // The usual folders are added to PATH: without them, as on a host of another make.
    const said = spawnSync(
      '/bin/sh',
      ['-c', bootstrap.replace(/^PATH=.*$/m, ''), 'sh', stage.folder, 'x', 'cat', 'flock'],
      {
        env: { PATH: bare },
        encoding: 'utf8',
      },
    )
    expect(said.stdout).toBe('og1 broken it lacks flock\n')
  })

  test('an account that may not says so, with what sudo said', async () => {
    writeFileSync(join(stage.sshd.bin, 'sh'), '#!/bin/bash\necho "sorry, a password is required" >&2; exit 1\n', {
      mode: 0o755,
    })
    writeFileSync(join(stage.sshd.bin, 'sudo'), '#!/bin/bash\necho "sudo: a password is required" >&2; exit 1\n', {
      mode: 0o755,
    })
    await expect(hello()).rejects.toMatchObject({
      kind: 'refused',
      detail: { reason: 'guard-not-installed' },
      message: expect.stringContaining('a password is required'),
    })
  })
})

describeWithSshd('a key that may call the guard and nothing else', () => {
  let stage: GuardStage
  beforeAll(async () => {
    stage = await startGuardStage({
      keyOptions: (folder) => `command="sh ${folder}/gateway/guard/enter --line \\"$SSH_ORIGINAL_COMMAND\\"",restrict`,
    })
    mkdirSync(join(stage.folder, 'guard'), { recursive: true })
    writeFileSync(join(stage.folder, 'guard', 'enter'), enterScript().text, { mode: 0o755 })
  })
  afterAll(() => stage.close())

  test('calls go through with their words, and versions are installed', async () => {
    const guard = stage.worker()
    const words = ["it's", '$(id)', '', 'a b', '\\', "''"]
    const { state, ...rest } = await guard.effect(stage.host, effectTicket('r', '1.1', 'k'), 'tells', words)
    expect(state).toBe('done')
    expect(rest).toEqual({ value: [SITE, 'r', 'k', 'C', '0077', '6', ...words].join('\n') })
    const begun = await guard.effect(stage.host, effectTicket('r', '1.2', 'd'), 'do', ['detached'], { detached: true })
    expect(begun.state).toBe('running')
    await guard.cancel(stage.host, effectTicket('r', '1.2', 'd'))
    await guard.close()
  })

  test.each([{ words: ['id'] }, { words: ['sh', '-c', 'touch "$0"', 'x'] }, { words: ['/guard/enter', 'no version'] }])(
    'nothing else does: $words',
    async ({ words }) => {
      const remote = openRemote({ keyFile: stage.sshd.keyFile })
      const target = remoteTarget(stage.host.address, [stage.sshd.hostKey])
      const { stdout } = await remote.run(target, words, { deadlineMs: 10_000 })
      expect(stdout.toString()).toMatch(/^og1 broken /)
      await remote.close()
    },
  )

  test('a line that our client does not write is not taken apart', () => {
    const enter = join(stage.folder, 'guard', 'enter')
    for (const line of ['id; id', "'a' 'b", '$(id)', "'a'b'"]) {
      const { stdout } = spawnSync('sh', [enter, '--line', line], { encoding: 'utf8' })
      expect(stdout).toMatch(/^og1 broken /)
    }
  })
})

describe('an account with one sudo rule', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'og-sudo-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const host = { id: 'h' as HostId, name: 'xen-1', address: 'ssh://occi@xen-1', hostKeys: ['SHA256:x'] }
  /** What the account would run on the host, here; its sudo lets through what `rule` allows. */
  const local = (rule: string): Remote => ({
    run: async (_target, command, { input }) => {
      writeFileSync(join(root, 'sudo'), `#!/bin/sh\n[ "$1" = -n ] && shift\n${rule}\nexec "$@"\n`, { mode: 0o755 })
      const { status, stdout, stderr } = spawnSync(command[0] ?? '', command.slice(1), {
        input: Buffer.isBuffer(input) ? input : '',
        env: { ...process.env, PATH: `${root}:${process.env.PATH}` },
      })
      return { code: status ?? 128, stdout, stderr: stderr.toString('utf8') }
    },
    hostKeyOf: async () => 'SHA256:x',
    close: async () => undefined,
  })
  const open = (rule: string): GuardedHost =>
    openGuardedHost({ remote: local(rule), site: SITE, deeds: [DEEDS], folder: join(root, 'gateway') })
  const ONLY_ENTER = 'case $1 in */guard/enter) ;; *) echo "sudo: a password is required" >&2; exit 1 ;; esac'

  test('with the way in put there by root', async () => {
    const script = operatorScript({ user: 'occi', folder: join(root, 'gateway') }).replaceAll('/etc/sudoers.d', root)
    expect(spawnSync('sh', { input: script }).status).toBe(0)
    expect(readFileSync(join(root, 'occi-gateway'), 'utf8')).toBe(
      `occi ALL=(root) NOPASSWD: ${root}/gateway/guard/enter\n`,
    )
    const guard = open(ONLY_ENTER)
    expect(await guard.effect(host, effectTicket('r', '1.1', 'k'), 'do', ['done'])).toEqual({
      state: 'done',
      value: 'value of k',
    })
    await guard.uninstall(host)
    expect(existsSync(join(root, 'gateway', 'guard'))).toBe(false)
  })

  test('without it the fault says what sudo said', async () => {
    await expect(open(ONLY_ENTER).free(host, 'hello', [])).rejects.toMatchObject({
      kind: 'refused',
      detail: { reason: 'guard-not-installed' },
      message: expect.stringContaining('a password is required'),
    })
  })

  test('with a rule for everything it puts the way in there itself', async () => {
    expect((await open('').free(host, 'hello', ['you'])).toString()).toBe('hello you\n')
  })
})

test('root calls it by sh, another account by its one sudo rule', () => {
  const target = { host: 'xen-1', port: 22, hostKeys: [] }
  expect(guardCommand({ ...target, user: 'root' }, '/f')).toEqual(['sh', '/f/guard/enter'])
  expect(guardCommand({ ...target, user: 'occi' }, '/f')).toEqual(['sudo', '-n', '/f/guard/enter'])
})

test('what an operator runs puts the way in at its place', () => {
  const script = operatorScript({ user: 'occi' })
  expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0)
  expect(script).toContain(
    "echo 'occi ALL=(root) NOPASSWD: /var/lib/occi-gateway/guard/enter' >/etc/sudoers.d/occi-gateway",
  )
  expectGolden('guard/operator-script.sh', script)
})
