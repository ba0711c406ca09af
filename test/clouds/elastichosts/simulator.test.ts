/** The ElasticHosts simulator against the exchanges and tables of the API's description, asked by hand. */
import { gzipSync } from 'node:zlib'
import { type Asking, ask, propertiesIn, type Told } from './call'
import { type ElasticHostsSimulator, startElasticHosts } from './simulator'
import { type Habits, STANDARD } from './world'

let zone: ElasticHostsSimulator
const open = async (habits: Partial<Habits> = {}): Promise<void> => {
  zone = await startElasticHosts(habits)
}
afterEach(() => zone.close())

const call = (path: string, asking?: Asking): Promise<Told> => ask(zone, path, asking)
const post = (path: string, body = ''): Promise<Told> => call(path, { body })
const json = { headers: { 'content-type': 'application/json', accept: 'application/json' } }
const SOURCE = STANDARD[0].id

/** A drive with an installed system. */
async function systemDrive(): Promise<string> {
  const { drive = '' } = propertiesIn((await post('drives/create', 'name root\nsize 2G')).text)
  expect((await post(`drives/${drive}/image/${SOURCE}/gunzip`)).status).toBe(204)
  zone.advance(zone.habits.imagingMs)
  return drive
}

async function server(how: 'create' | 'create/stopped', persistent = 'true'): Promise<string> {
  const drive = await systemDrive()
  const config = `name web\ncpu 2000\nmem 1024\npersistent ${persistent}\nboot ide:0:0\nide:0:0 ${drive}\nnic:0:model e1000\nnic:0:dhcp auto`
  const made = await post(`servers/${how}`, config)
  expect({ status: made.status, output: made.output }).toEqual({ status: 200, output: 'properties' })
  return propertiesIn(made.text).server ?? ''
}

const statusOf = async (id: string): Promise<string | undefined> => {
  const { status, text } = await call(`servers/${id}/info`)
  return status === 404 ? 'gone' : propertiesIn(text).status
}

describe('drives', () => {
  test('create tells the whole drive, sizes in bytes', async () => {
    await open()
    const { status, output, text } = await post('drives/create', 'name web-7-root\nsize 8G\n')
    expect({ status, output }).toEqual({ status: 200, output: 'properties' })
    expect(propertiesIn(text)).toMatchObject({
      name: 'web-7-root',
      size: '8589934592',
      status: 'active',
      user: zone.account.user,
      'claim:type': 'exclusive',
      'encryption:cipher': 'aes-xts-plain',
    })
  })

  test.each([
    { dialect: 'new', copying: 'active' },
    { dialect: 'old', copying: 'imaging' },
  ] as const)('a copy is queued, then percent, then not spoken of ($dialect zone)', async ({ dialect, copying }) => {
    await open({ dialect, imagingMs: 10_000_000 })
    const { drive = '' } = propertiesIn((await post('drives/create', 'name a\nsize 2G')).text)
    expect(await post(`drives/${drive}/image/${SOURCE}/gunzip`)).toMatchObject({ status: 204, text: '' })
    const look = async () => propertiesIn((await call(`drives/${drive}/info`)).text)
    expect(await look()).toMatchObject({ imaging: 'queued', status: copying })
    zone.advance(4_210_000)
    expect(await look()).toMatchObject({ imaging: '42%', status: copying })
    expect(await post(`drives/${drive}/image/${SOURCE}/gunzip`)).toMatchObject({ status: 409, error: 'busy' })
    zone.advance(6_000_000)
    expect(await look()).toMatchObject({ status: 'active' })
    expect(Object.keys(await look())).not.toContain('imaging')
  })

  test('what is written is read, packed too, and copied with the drive', async () => {
    await open()
    const { drive = '' } = propertiesIn((await post('drives/create', 'name a\nsize 1M')).text)
    const { drive: copy = '' } = propertiesIn((await post('drives/create', 'name b\nsize 1M')).text)
    const binary = { 'content-type': 'application/octet-stream' }
    const plain = await call(`drives/${drive}/write`, { body: Buffer.from('hello'), headers: binary })
    const packed = { body: gzipSync('world'), headers: { ...binary, 'content-encoding': 'gzip' } }
    expect([plain.status, (await call(`drives/${drive}/write/6`, packed)).status]).toEqual([204, 204])
    expect((await post(`drives/${copy}/image/${drive}`)).status).toBe(204)
    for (const one of [drive, copy]) expect((await call(`drives/${one}/read/0/11`)).text).toBe('hello\0world')
    expect(await call(`drives/${drive}/read/0/5000000`)).toMatchObject({ status: 400, error: 'usage' })
  })

  test.each([
    { path: 'drives/create', body: 'name a', error: 'usage', status: 400 },
    { path: 'drives/create', body: 'name a\nsize many', error: 'usage', status: 400 },
    { path: 'drives/create', body: 'name a\nsize 1G\ncolour red', error: 'usage', status: 400 },
    { path: 'drives/create', body: 'name a\nsize 900T', error: 'full', status: 507 },
    { path: 'drives/00000000-0000-4000-8000-000000000000/destroy', body: '', error: 'missing', status: 404 },
    { path: 'drives/nothing/here/at/all', body: '', error: 'missing', status: 404 },
  ])('$path with "$body" is $status', async ({ path, body, error, status }) => {
    await open()
    expect(await post(path, body)).toMatchObject({ status, error, text: expect.stringMatching(/^.+\n$/) })
    expect((await call('drives/list')).text).toBe('')
  })

  test("a drive that a running server holds is not destroyed; another account's is not there", async () => {
    await open()
    const id = await server('create')
    const [drive = ''] = (await call('drives/list')).text.split('\n')
    expect(await post(`drives/${drive}/destroy`)).toMatchObject({ status: 409, error: 'busy' })
    expect(propertiesIn((await call(`drives/${drive}/info`)).text).claimed).toBe(
      `${zone.account.user}:guest:${id}:ide:0:0`,
    )
    expect(await call(`drives/${drive}/info`, { as: zone.stranger })).toMatchObject({ status: 404, error: 'missing' })
    await post(`servers/${id}/destroy`)
    expect((await post(`drives/${drive}/destroy`)).status).toBe(204)
  })

  test('standard images are listed for everybody', async () => {
    await open()
    expect((await call('drives/list/standard')).text).toBe(STANDARD.map(({ id }) => `${id}\n`).join(''))
    expect((await call('drives/info/standard', { as: zone.stranger })).text).toContain('name Debian Linux 5.0')
  })
})

describe('servers', () => {
  test('the JSON exchange of the description', async () => {
    await open()
    const drive = await systemDrive()
    const config = {
      ...{ name: 'web-7', cpu: 2000, smp: 'auto', mem: 1024, persistent: true, boot: 'ide:0:0', 'ide:0:0': drive },
      ...{ 'nic:0:model': 'virtio', 'nic:0:dhcp': 'auto', 'user:vm': '7' },
    }
    const made = await call('servers/create', { ...json, body: JSON.stringify(config) })
    expect(made).toMatchObject({ status: 200, output: 'properties' })
    expect(JSON.parse(made.text)).toMatchObject({
      ...{ server: expect.any(String), name: 'web-7', status: 'active', cpu: 2000, mem: 1024, persistent: true },
      ...{ boot: 'ide:0:0', 'ide:0:0': drive, 'nic:0:model': 'virtio', 'nic:0:dhcp': 'auto', 'smp:cores': 1 },
      ...{ 'nic:0:dhcp:ip': '203.0.113.2', started: expect.any(Number), user: zone.account.user, 'user:vm': '7' },
      'tx:packets': '251',
    })
    const listed = await call('servers/list', json)
    expect(listed).toMatchObject({ output: 'list', text: JSON.stringify([{ server: JSON.parse(made.text).server }]) })
  })

  const table = [
    { from: 'active', call: 'start', status: 409, to: 'active' },
    { from: 'active', call: 'stop', status: 204, to: 'stopped' },
    { from: 'active', call: 'shutdown', status: 204, to: 'stopped' },
    { from: 'active', call: 'reset', status: 204, to: 'active' },
    { from: 'active', call: 'destroy', status: 204, to: 'gone' },
    { from: 'stopped', call: 'start', status: 204, to: 'active' },
    { from: 'stopped', call: 'stop', status: 409, to: 'stopped' },
    { from: 'stopped', call: 'shutdown', status: 409, to: 'stopped' },
    { from: 'stopped', call: 'reset', status: 409, to: 'stopped' },
    { from: 'stopped', call: 'destroy', status: 204, to: 'gone' },
    { from: 'dumped', call: 'start', status: 409, to: 'dumped' },
    { from: 'dumped', call: 'stop', status: 204, to: 'stopped' },
    { from: 'dumped', call: 'shutdown', status: 409, to: 'dumped' },
    { from: 'dumped', call: 'reset', status: 204, to: 'active' },
    { from: 'dumped', call: 'destroy', status: 204, to: 'gone' },
  ] as const
  test.each(table)('$from, $call: $status and $to', async ({ from, call: verb, status, to }) => {
    await open()
    const id = await server(from === 'stopped' ? 'create/stopped' : 'create')
    const found = zone.world.servers.get(id)
    if (found && from === 'dumped') found.status = 'dumped'
    expect((await post(`servers/${id}/${verb}`)).status).toBe(status)
    expect(await statusOf(id)).toBe(to)
  })

  test.each(['stop', 'shutdown'])('one that is not persistent is gone after %s; its drive is not', async (verb) => {
    await open()
    const id = await server('create', 'false')
    await post(`servers/${id}/${verb}`)
    expect(await statusOf(id)).toBe('gone')
    expect((await call('drives/list')).text).not.toBe('')
  })

  test('a guest takes its time for a shutdown; one without a system never obeys', async () => {
    await open({ obeysMs: 5000 })
    const id = await server('create')
    await post(`servers/${id}/shutdown`)
    expect(await statusOf(id)).toBe('active')
    zone.advance(5000)
    expect(await statusOf(id)).toBe('stopped')
    const { drive = '' } = propertiesIn((await post('drives/create', 'name empty\nsize 1G')).text)
    const config = `name deaf\ncpu 500\nmem 256\npersistent true\nboot ide:0:0\nide:0:0 ${drive}`
    const { server: deaf = '' } = propertiesIn((await post('servers/create', config)).text)
    await post(`servers/${deaf}/shutdown`)
    zone.advance(60_000)
    expect(await statusOf(deaf)).toBe('active')
  })

  test('set while active changes some keys only; stopped, all', async () => {
    await open()
    const id = await server('create')
    expect(await post(`servers/${id}/set`, 'mem 2048')).toMatchObject({ status: 409, error: 'busy' })
    expect(propertiesIn((await post(`servers/${id}/set`, 'cpu 3000\nuser:vm i-1')).text)).toMatchObject({
      cpu: '3000',
      mem: '1024',
      'user:vm': 'i-1',
    })
    await post(`servers/${id}/stop`)
    expect(propertiesIn((await post(`servers/${id}/set`, 'mem 2048')).text).mem).toBe('2048')
  })

  test.each([
    { config: 'cpu 2000\nmem 1024', because: 'Missing key name' },
    { config: 'name a\ncpu 100\nmem 1024', because: 'cpu: invalid value' },
    { config: 'name a\ncpu 2000\nmem 1024\ncolour red', because: 'Unknown key colour' },
    { config: 'name a\ncpu 2000\nmem 1024\nboot ide:0:0', because: 'boot: there is no ide:0:0' },
  ])('"$config" is refused: $because', async ({ config, because }) => {
    await open()
    expect(await post('servers/create', config)).toMatchObject({ status: 400, error: 'usage', text: `${because}\n` })
    expect((await call('servers/list')).text).toBe('')
  })

  test('a drive has one running holder; an empty balance starts nothing; an old zone tells the server it started', async () => {
    await open({ dialect: 'old' })
    const id = await server('create')
    const [drive = ''] = (await call('drives/list')).text.split('\n')
    const second = `name b\ncpu 500\nmem 256\npersistent true\nboot ide:0:0\nide:0:0 ${drive}`
    expect(await post('servers/create', second)).toMatchObject({ status: 409, error: 'busy' })
    await post(`servers/${id}/stop`)
    zone.habits.balance = 'none'
    expect(await post(`servers/${id}/start`)).toMatchObject({ status: 402, error: 'billing' })
    zone.habits.balance = 'some'
    const started = await post(`servers/${id}/start`)
    expect([started.status, propertiesIn(started.text)]).toEqual([
      200,
      expect.objectContaining({ smp: '1', server: id }),
    ])
  })
})

test('addresses and VLANs: made, listed by type, used, kept while in use, destroyed', async () => {
  await open()
  const ip = propertiesIn((await post('resources/ip/create', 'name public')).text)
  const vlan = propertiesIn((await post('resources/vlan/create', 'name inner')).text)
  expect(ip).toMatchObject({ type: 'ip', name: 'public', resource: '192.0.2.2', gateway: '192.0.2.1' })
  expect((await call('resources/vlan/list')).text).toBe(`${vlan.resource}\n`)
  const config = `name a\ncpu 500\nmem 256\npersistent true\nnic:0:model virtio\nnic:0:dhcp ${ip.resource}\nnic:1:model virtio\nnic:1:vlan ${vlan.resource}`
  const made = propertiesIn((await post('servers/create', config)).text)
  expect(made).toMatchObject({ 'nic:0:dhcp:ip': '192.0.2.2', 'nic:1:mac': expect.stringMatching(/^(..:){5}..$/) })
  for (const path of [`ip/${ip.resource}`, `vlan/${vlan.resource}`])
    expect((await post(`resources/${path}/destroy`)).status).toBe(409)
  await post(`servers/${made.server}/destroy`)
  for (const path of [`ip/${ip.resource}`, `vlan/${vlan.resource}`])
    expect((await post(`resources/${path}/destroy`)).status).toBe(204)
  expect((await call('resources/info')).text).toBe('')
})

test.each([
  { what: 'a wrong key', asking: { as: { user: 'nobody', key: 'wrong' } }, status: 401, error: 'auth' },
  { what: 'GET of a change', path: 'servers/create', asking: {}, status: 405, error: 'method' },
  { what: 'PUT', asking: { method: 'PUT', body: '' }, status: 405, error: 'method' },
  { what: 'no such object', path: 'toasters/list', asking: {}, status: 404, error: 'missing' },
  { what: 'broken JSON', path: 'servers/create', asking: { ...json, body: '{' }, status: 400, error: 'usage' },
] as const)('$what is $status $error', async (one) => {
  await open()
  const { asking, status, error } = one
  expect(await call('path' in one ? one.path : 'servers/info', asking)).toMatchObject({ status, error })
})

describe('troubles on the wire', () => {
  const config = 'name a\ncpu 500\nmem 256\npersistent true'
  const count = async () => (await call('servers/list')).text.split('\n').filter(Boolean).length

  test.each([
    { what: 'cut before', after: 0, late: 0 },
    { what: 'cut after', after: 1, late: 1 },
    { what: 'cut, done late', after: 0, late: 1 },
  ] as const)('$what: $after server, $late when all has arrived; only once', async ({ what, after, late }) => {
    await open()
    zone.troubles.add({ on: /^POST \/servers\/create/, trouble: { what } })
    await expect(post('servers/create', config)).rejects.toThrow('fetch failed')
    expect(await count()).toBe(after)
    zone.arrive()
    expect(await count()).toBe(late)
    expect((await post('servers/create', config)).status).toBe(200)
  })

  test('an answer of the test instead, and a body that nobody can read', async () => {
    await open()
    zone.troubles.add({ on: /info/, trouble: { what: 'answers', status: 503 } })
    zone.troubles.add({ on: /info/, trouble: { what: 'garbage', body: '\0\xff' } })
    expect((await call('servers/info')).status).toBe(503)
    expect((await call('servers/info')).text).toBe('\0\xff')
    expect((await call('servers/info')).text).toBe('')
  })

  test('silence lasts until the client gives up', async () => {
    await open()
    zone.troubles.add({ on: /create/, trouble: { what: 'silent after' } })
    const given = AbortSignal.timeout(200)
    const asked = fetch(new URL('servers/create', zone.url), {
      method: 'POST',
      body: config,
      signal: given,
      headers: { authorization: `Basic ${btoa(`${zone.account.user}:${zone.account.key}`)}` },
    })
    await expect(asked).rejects.toThrow(/timeout/)
    expect(await count()).toBe(1)
  })
})
