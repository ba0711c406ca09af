/** The command line against a real gateway: every family, its tables, its JSON, its exit codes. */
import { z } from 'zod'
import { newData, occiGateway, plainEnvironment, removeData, run, startUp, type Up } from '../support/gateway-process'
import { COMPUTE_CATEGORY, occiClient } from '../support/occi-client'
import { until } from '../support/until'

const data = newData()
let up: Up

beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  await up.end('SIGINT')
  removeData(data)
})

const ask = (...words: string[]) => occiGateway([...words, '--data', data])
const shown = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await ask(...words)
  if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return stdout
}
const json = async (...words: string[]): Promise<unknown> => JSON.parse(await shown(...words, '--json'))

test('host: list, show, disable, enable, remove', async () => {
  const list = await shown('host', 'list')
  expect(list).toMatch(/^NAME +ZONE +STATE +CONTACT/)
  expect(list.match(/\(simulated\)/g)).toHaveLength(8)
  expect(await shown('host', 'show', 'sim-2')).toMatch(/^simulated +yes$/m)
  expect(await shown('host', 'disable', 'sim-2')).toBe('sim-2 is disabled\n')
  expect(await json('host', 'show', 'sim-2')).toMatchObject({ name: 'sim-2', enabled: false })
  expect(await shown('host', 'enable', 'sim-2')).toBe('sim-2 is enabled\n')
  expect(await shown('host', 'remove', 'sim-8')).toBe('sim-8 is removed\n')
  await until(async () => z.array(z.unknown()).parse(await json('host', 'list')).length === 7, { what: 'seven hosts' })
})

const XEN_1 = ['host', 'add', 'xen-1', '--zone', 'local-1a', '--driver', 'xl', '--address', 'root@xen-1'] as const

test('host add: a real host beside simulated ones is refused', async () => {
  const { code, stderr } = await ask(...XEN_1)
  expect(code).toBe(1)
  expect(stderr).toMatch(/simulated/)
})

test('host add: a host that cannot join is refused, saying what is missing', async () => {
  const { code, stderr } = await ask(...XEN_1, '--retire-simulated')
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /cannot join[\s\S]*MISSING +driver +root@xen-1 is not an address of the form ssh:\/\/user@host/,
  )
})

test('a reader that has seen enough is no error', async () => {
  const listed = `node bin/occi-gateway.js instance events --help --data "$1" | true; exit "\${PIPESTATUS[0]}"`
  const { code, stderr } = await run('bash', ['-c', listed, 'bash', data], plainEnvironment())
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('a setting that is none is wrong usage, named', async () => {
  const env = { ...plainEnvironment(), OCCI_GATEWAY_ADMIN_URL: 'nowhere' }
  const { code, stderr } = await occiGateway(['host', 'list', '--data', data], env)
  expect(code).toBe(2)
  expect(stderr).toMatch(/^occi-gateway: OCCI_GATEWAY_ADMIN_URL: "nowhere" is not valid.*\n$/)
  const none = await occiGateway(['host', 'list', '--config', '/no/such/file'])
  expect(none.code).toBe(2)
  expect(none.stderr).toMatch(/\/no\/such\/file cannot be read/)
})

test('a process without its Redis says where it looked, and never a password', async () => {
  const redis = 'redis://ann:hidden@127.0.0.1:1'
  const ran = await Promise.all(
    ['gateway', 'worker'].map((word) => occiGateway([word, '--port', '0', '--data', data, '--redis', redis])),
  )
  for (const { code, stderr } of ran) {
    expect(code).toBe(3)
    expect(stderr).toMatch(/redis:\/\/…@127\.0\.0\.1:1; --redis or OCCI_GATEWAY_REDIS/)
    expect(stderr).not.toContain('hidden')
  }
})

test('image and type', async () => {
  expect(await shown('image', 'list')).toMatch(/debian-12 \(simulated\)/)
  expect(await shown('type', 'list')).toMatch(/^t2\.nano +t2_nano +1 +100 % +512 MiB +as its image +yes$/m)
})

test('project, user and key: from nothing to a session, and away again', async () => {
  const session = z.record(z.string(), z.string()).parse(await json('project', 'add', 'green', '--instances', '5'))
  expect(Object.keys(session).toSorted()).toEqual(Object.keys(up.session()).toSorted())
  expect(session).toMatchObject({ occiUrl: up.session().occiUrl, region: 'local-1' })
  expect(await shown('project', 'list')).toMatch(/^green +\d{12} +0 of 5/m)

  const client = occiClient({ ...up.session(), user: session.user ?? '', password: session.password ?? '' })
  const made = await client('POST', 'compute/', { 'content-type': 'text/occi', category: COMPUTE_CATEGORY })
  expect(made.status).toBe(201)

  const env = { ...plainEnvironment(), NEW_PASSWORD: 'correct horse battery' }
  const words = ['user', 'add', 'gina', '--project', 'green', '--password-from', 'NEW_PASSWORD', '--data', data]
  expect((await occiGateway(words, env)).code).toBe(0)
  const gina = occiClient({ ...up.session(), user: 'gina', password: 'correct horse battery' })
  expect((await gina('GET', 'compute/')).status).toBe(200)
  expect(await shown('user', 'list', '--project', 'green')).toMatch(/^gina +green +yes$/m)
  await shown('user', 'set', 'gina', '--disable')
  expect((await gina('GET', 'compute/')).status).toBe(401)

  const key = z.object({ accessKeyId: z.string() }).parse(await json('key', 'add', 'gina'))
  expect(await shown('key', 'list', '--user', 'gina')).toContain(key.accessKeyId)
  expect(await shown('key', 'disable', key.accessKeyId)).toMatch(/is disabled/)
  expect(await shown('key', 'enable', key.accessKeyId)).toMatch(/is enabled/)
  await shown('key', 'remove', key.accessKeyId)
  expect(await shown('key', 'list', '--user', 'gina')).toBe('no keys\n')
  await shown('user', 'remove', 'gina')

  expect(await shown('project', 'purge', 'green')).toBe('green is gone with all that it had\n')
  expect(await shown('project', 'list')).not.toMatch(/green/)
  expect((await client('GET', 'compute/')).status).toBe(401)
}, 60_000)

test('instance: list, show, explain, events', async () => {
  const client = occiClient(up.session())
  const made = await client('POST', 'compute/', { 'content-type': 'text/occi', category: COMPUTE_CATEGORY })
  const id = new URL(made.headers.get('location') ?? '').pathname.split('/').at(-1) ?? ''
  await until(async () => /running/.test(await shown('instance', 'show', id)), { what: `${id} to run` })
  const { name } = z.looseObject({ name: z.string() }).parse(await json('instance', 'show', id))
  const list = await shown('instance', 'list', '--project', 'first')
  expect(list).toMatch(new RegExp(`^${name} +first +running +t2.nano +local-1[a-d] +sim-\\d \\(simulated\\)`, 'm'))
  expect(await shown('instance', 'explain', name)).toMatch(
    /^HOST +ZONE +FITS[\s\S]*^sim-\d \(it is here\) +local-1[a-d] +yes/m,
  )
  const host = z.looseObject({ host: z.string() })
  const before = host.parse(await json('instance', 'show', id)).host
  const hosts = z.object({ name: z.string() }).loose().array()
  const to = hosts.parse(await json('host', 'list')).find((one) => one.name !== before)?.name ?? ''
  expect(await shown('instance', 'move', name, '--to', to)).toMatch(`${name}: ordered to move to ${to}`)
  await until(async () => host.parse(await json('instance', 'show', id)).host === to, { what: `${name} on ${to}` })
  expect(await shown('instance', 'show', id)).toMatch(/running/)
  expect((await ask('instance', 'move', name)).code).toBe(2)
  expect(await shown('instance', 'events', name, '--limit', '5')).toMatch(/^WHEN +WHAT +WHO/)
})

test('type: add, list, show, remove', async () => {
  const added = await shown('type', 'add', 'm9.big', '--cores', '2', '--memory-mib', '2048', '--disk-gib', '20')
  expect(added).toMatch(/^name +m9.big\nOCCI term +m9_big\n/)
  expect(await shown('type', 'list')).toMatch(/^m9.big +m9_big +2 +100 % +2 GiB +20 GiB +no$/m)
  expect(await json('type', 'show', 'm9.big')).toMatchObject({ cores: 2, memoryMiB: 2048, diskGiB: 20, machines: 0 })
  expect(await shown('type', 'remove', 'm9.big')).toBe('m9.big is removed\n')
  const gone = await ask('type', 'show', 'm9.big')
  expect({ code: gone.code, stderr: gone.stderr }).toEqual({
    code: 1,
    stderr: 'occi-gateway: there is no type m9.big\n',
  })
  const lacking = await ask('type', 'add', 'm9.big', '--cores', '2')
  expect({ code: lacking.code, stderr: lacking.stderr }).toEqual({
    code: 2,
    stderr: 'error: --memory-mib is needed\n',
  })
  expect((await ask('type', 'add', 'm9.big', '--cores', 'two', '--memory-mib', '1')).code).toBe(2)
})

test('network: add, list, show, remove', async () => {
  const wire = ['--cidr', '192.168.9.0/24', '--bridge', 'xenbr0', '--vlan', '12']
  const more = ['--gateway', '192.168.9.1', '--dns', '9.9.9.9, 1.1.1.1', '--range', '192.168.9.10-192.168.9.99']
  const added = await shown('network', 'add', 'green', ...wire, ...more)
  expect(added).toMatch(/^leased from +192.168.9.10 to 192.168.9.99\ndns +9.9.9.9, 1.1.1.1$/m)
  expect(await shown('network', 'list')).toMatch(
    /^subnet-[0-9a-f]{17} +green +192.168.9.0\/24 +192.168.9.1 +xenbr0 +12 +active +machines$/m,
  )
  expect(await json('network', 'show', 'green')).toMatchObject({ vlan: 12, default: false, machines: 0 })
  expect(await shown('network', 'list')).toMatch(/^subnet-\S+ +public +203.0.113.0\/24 .*public addresses$/m)
  const pool = ['--cidr', '198.51.100.0/24', '--bridge', 'xenbr0', '--public']
  expect(await shown('network', 'add', 'more', ...pool)).toMatch(/^public +yes$/m)
  expect(await json('network', 'show', 'more')).toMatchObject({ public: true, leased: 0 })
  expect(await shown('address', 'list')).toBe('no addresses are leased\n')
  expect((await ask('address', 'show', '198.51.100.7')).code).toBe(1)
  const twice = await ask('network', 'add', 'blue', ...wire)
  expect({ code: twice.code, stderr: twice.stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/overlaps.*green/),
  })
  const wrong = await ask('network', 'add', 'blue', '--cidr', '192.168.9.7/24', '--bridge', 'xenbr0')
  expect(wrong.stderr).toMatch(/^occi-gateway: cidr: .*192\.168\.9\.0\/24\n$/)
  expect(await shown('network', 'remove', 'green')).toBe(
    'green is being removed from all hosts; network show tells how far it is\n',
  )
  await until(async () => (await ask('network', 'show', 'green')).code === 1, { what: 'green to be forgotten' })
  expect((await ask('network', 'remove', 'nowhere')).code).toBe(1)
})

test('zone: list', async () => {
  expect(await shown('zone', 'list')).toMatch(/^ZONE +TAKES MACHINES +HOSTS\nlocal-1a +yes +\d\n/)
})

test('stuck: nothing is', async () => {
  expect(await shown('stuck', 'list')).toBe('nothing is stuck\n')
  expect((await ask('stuck', 'resume', 'i-0123456789abcdef0')).code).toBe(1)
  expect((await ask('stuck', 'give-up', 'i-0123456789abcdef0')).code).toBe(1)
})

describe('exit codes', () => {
  test('0: help and version', async () => {
    expect((await occiGateway(['--help'])).stdout).toMatch(/host.*hosts that machines run on/)
    for (const words of [
      ['up', '--help'],
      ['gateway', '-h'],
      ['worker', '--help'],
      ['worker', '-h'],
      ['simulator', '-h'],
    ])
      expect(await occiGateway(words)).toMatchObject({ code: 0, stdout: expect.stringMatching(/--port <value>/) })
    expect((await occiGateway(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('1: refused, in one line', async () => {
    const { code, stderr } = await ask('host', 'show', 'nowhere')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^occi-gateway: .*nowhere.*\n$/)
  })

  test.each([
    [[]],
    [['paint']],
    [['host', 'paint']],
    [['host', 'show']],
    [['host', 'list', '--colour']],
    [['user', 'add', 'x']],
  ])('2: wrong usage: %j', async (words) => {
    expect((await occiGateway(words)).code).toBe(2)
  })

  test('1: a wrong token', async () => {
    const env = {
      ...plainEnvironment(),
      OCCI_GATEWAY_ADMIN_URL: up.session().occiUrl,
      OCCI_GATEWAY_ADMIN_TOKEN: 'op-0.x',
    }
    const { code, stderr } = await occiGateway(['host', 'list'], env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/token/)
  })

  test('3: nobody answers', async () => {
    const env = {
      ...plainEnvironment(),
      OCCI_GATEWAY_ADMIN_URL: 'http://127.0.0.1:1',
      OCCI_GATEWAY_ADMIN_TOKEN: 'op-0.x',
    }
    const { code, stderr } = await occiGateway(['host', 'list'], env)
    expect(code).toBe(3)
    expect(stderr).toMatch(/no gateway answers/)
  })
})

test('token: made for a user, used in OCCI, and taken back', async () => {
  const { user, token, id } = z
    .object({ user: z.string(), token: z.string(), id: z.string() })
    .parse(await json('token', 'add', up.session().user, '--expires-in', '12h'))
  expect(user).toBe(up.session().user)
  const list = () => fetch(new URL('compute/', up.session().occiUrl), { headers: { authorization: `Bearer ${token}` } })
  expect((await list()).status).toBe(200)
  expect(await shown('token', 'list')).toContain(id)
  expect(await shown('token', 'remove', id)).toBe(`${id} is removed\n`)
  expect((await list()).status).toBe(401)
})
