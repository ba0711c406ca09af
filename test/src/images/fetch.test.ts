import { readFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, createServer as createRawServer, type LookupFunction, type Socket } from 'node:net'
import { join } from 'node:path'
import { asFault, type Fault } from '../../../src/faults'
import { openFetcher } from '../../../src/images/fetch'
import { checkUrl, guardedLookup, isPublicAddress, shownUrl } from '../../../src/images/reach'
import { type FileServer, startFileServer } from '../../support/file-server'

const refusal = async (deed: () => unknown): Promise<Fault> => {
  try {
    await deed()
  } catch (thrown) {
    return asFault(thrown)
  }
  throw new Error('it was not refused')
}

describe('addresses', () => {
  it.each(['8.8.8.8', '2a00:1450:4001:80b::200e', '193.99.144.80', '::ffff:8.8.8.8'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )
  it.each([
    ...['127.0.0.1', '127.8.8.8', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['255.255.255.255', '224.0.0.1', '192.0.2.1', '198.18.0.1', '240.0.0.1', '::1', '::', 'fe80::1', 'fd00::1'],
    ...[
      'ff02::1',
      '::ffff:10.0.0.1',
      '::ffff:127.0.0.1',
      '2002:7f00:1::',
      '::7f00:1',
      '::a9fe:a9fe',
      '64:ff9b:1::7f00:1',
      'fec0::1',
      '4000::1',
      '64:ff9b::7f00:1',
      '2001:db8::1',
      'localhost',
      '',
    ],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))

  it('of files of tenants are https, without a password, and no private number', () => {
    expect(checkUrl('https://example.org/a.qcow2', 'public').host).toBe('example.org')
    const wrong = [
      ...['http://example.org/x', 'file:///etc/passwd', 'ftp://example.org/x', 'gopher://x', 'example.org', ''],
      ...['https://user:secret@example.org/x', `https://example.org/${'x'.repeat(2100)}`],
      ...[
        'https://127.0.0.1/x',
        'https://[::1]/x',
        'https://169.254.169.254/latest',
        'https://0x7f.1/',
        'https://2130706433/',
        'https://[::127.0.0.1]/x',
      ],
    ]
    for (const url of wrong) expect(() => checkUrl(url, 'public')).toThrow()
    for (const url of ['http://example.org/x', 'https://127.0.0.1/x', 'http://[::1]/x'])
      expect(checkUrl(url, 'any').pathname).toBe('/x')
    expect(() => checkUrl('file:///etc/passwd', 'any')).toThrow(/https:\/\/ or http:\/\//)
  })

  it('are shown without what may be a signature', () => {
    expect(shownUrl('https://a.example/b?X-Amz-Signature=secret#c')).toBe('https://a.example/b')
  })
})

const resolving =
  (...addresses: readonly string[]): LookupFunction =>
  (_name, options, callback) => {
    const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    return options.all ? callback(null, all) : callback(null, all[0]?.address ?? '', all[0]?.family ?? 4)
  }

describe('names', () => {
  const ask = (reach: 'any' | 'public', ...addresses: readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) =>
      guardedLookup(reach, resolving(...addresses))('x.example', { all: true }, (error, found) =>
        error ? reject(error) : resolve(found),
      ),
    )
  it('lead to public addresses, all of them', async () => {
    await expect(ask('public', '8.8.8.8', '2a00:1450::1')).resolves.toHaveLength(2)
    await expect(ask('any', '10.0.0.1')).resolves.toHaveLength(1)
    for (const addresses of [['10.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['fe80::1'], ['8.8.8.8', '::ffff:192.168.0.1']])
      await expect(ask('public', ...addresses)).rejects.toMatchObject({ kind: 'invalid', detail: { reason: 'reach' } })
    await expect(ask('public')).rejects.toThrow('no address')
  })
})

describe('a fetch', () => {
  let server: FileServer
  const file = Buffer.from(Array.from({ length: 10_000 }, (_, n) => n % 251))
  beforeEach(async () => {
    server = await startFileServer()
    server.files.set('/disk', file)
  })
  afterEach(() => server.close())
  const fetcher = openFetcher()
  const get = async (path: string, from = 0, more: { to?: number; etag?: string } = {}) => {
    const got = await fetcher.fetch({ url: server.url + path, reach: 'any', from, ...more })
    const chunks: Buffer[] = []
    for await (const chunk of got.body) chunks.push(chunk)
    return { ...got, bytes: Buffer.concat(chunks) }
  }

  it('gives all of a file, and how long it is', async () => {
    const got = await get('/disk')
    expect(got).toMatchObject({ at: 0, total: 10_000, atEnd: false, isPart: false, etag: expect.stringMatching(/^"/) })
    expect(got.bytes.equals(file)).toBe(true)
  })

  it('goes on from where it was, while it is the same file', async () => {
    const { etag } = await get('/disk')
    const got = await get('/disk', 4000, { to: 5000, etag: etag ?? '' })
    expect(got).toMatchObject({ at: 4000, total: 10_000, isPart: true })
    expect(got.bytes.equals(file.subarray(4000, 5000))).toBe(true)
    expect(await get('/disk', 4000, { etag: '"another"' })).toMatchObject({ at: 0, total: 10_000 })
    expect(await get('/disk', 10_000)).toMatchObject({ atEnd: true, total: 10_000 })
  })

  it('begins anew where a server has no ranges', async () => {
    server.ranges = 'no'
    expect(await get('/disk', 4000)).toMatchObject({ at: 0, total: 10_000 })
  })

  it('follows redirects, a few', async () => {
    server.redirects.set('/a', '/b').set('/b', `${server.url}/disk`)
    expect((await get('/a')).bytes).toHaveLength(10_000)
    server.redirects.set('/round?signature=secret', '/round?signature=secret')
    const round = await refusal(() => get('/round?signature=secret'))
    expect(round).toMatchObject({ kind: 'refused', message: expect.stringContaining('/round leads') })
    expect(round.message).not.toContain('secret')
    server.redirects.set('/passwd', 'file:///etc/passwd')
    expect(await refusal(() => get('/passwd'))).toMatchObject({ kind: 'invalid' })
  })

  it('tells what may get better from what will not', async () => {
    expect(await refusal(() => get('/nothing'))).toMatchObject({ kind: 'not-found', retriable: false })
    server.failing = { status: 403, times: 1 }
    expect(await refusal(() => get('/disk'))).toMatchObject({ kind: 'refused', retriable: false })
    for (const status of [500, 503, 429]) {
      server.failing = { status, times: 1 }
      expect(await refusal(() => get('/disk'))).toMatchObject({ kind: 'unreachable', retriable: true })
    }
    server.breakAfter = 3000
    expect(await refusal(() => get('/disk'))).toMatchObject({ kind: 'unreachable', retriable: true })
    await server.close()
    expect(await refusal(() => get('/disk'))).toMatchObject({ kind: 'unreachable' })
  })

  it.each([
    ['says for ever that more is to come', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['sends its head byte by byte', 'HTTP/1.1 200 OK\r\nx-long: ', 'x'],
  ])('ends where a server %s', async (_what, first, again) => {
    const sockets = new Set<Socket>()
    const slow = createRawServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined).write(first)
      const drop = setInterval(() => socket.write(again), 20)
      socket.once('close', () => clearInterval(drop))
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/disk`
    const patient = openFetcher({ silenceMs: 300 })
    const late = await refusal(() => patient.fetch({ url, reach: 'any', from: 0 }))
    expect(late).toMatchObject({ kind: 'timeout', retriable: true, message: expect.stringMatching(/does not answer$/) })
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => slow.close(() => resolve()))
  })

  it.each([
    ['whatever it sends', { pace: { ms: 100, bytes: 1000 } }],
    ['what comes whole', { wholePace: { ms: 100, bytes: 1000 } }],
  ])('ends where a server sends too slowly, however often it sends something: %s', async (_what, paces) => {
    const drip = createPlainServer((_req, res) => {
      res.writeHead(200)
      const drop = setInterval(() => res.write('x'), 5)
      res.once('close', () => clearInterval(drop))
    })
    await new Promise<void>((resolve) => drip.listen(0, '127.0.0.1', resolve))
    const { port } = drip.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/disk`
    const { body } = await openFetcher(paces).fetch({ url, reach: 'any', from: 0 })
    const read = async () => {
      for await (const _chunk of body);
    }
    expect(await refusal(read)).toMatchObject({ kind: 'timeout', retriable: true })
    drip.closeAllConnections()
    await new Promise<void>((resolve) => drip.close(() => resolve()))
  })

  it('of a tenant never connects to a private address: not by name, not by a redirect, not by a second look', async () => {
    const { port } = new URL(server.url)
    const tenant = (lookup: LookupFunction) => openFetcher({ lookup })
    const order = { url: `https://files.example:${port}/disk`, reach: 'public', from: 0 } as const
    expect(await refusal(() => tenant(resolving('127.0.0.1')).fetch(order))).toMatchObject({
      kind: 'invalid',
      detail: { reason: 'reach' },
    })
    // The address that was checked is the one that is connected to: a name that changes its mind gains nothing.
    let asked = 0
    const turning: LookupFunction = (name, options, callback) => {
      asked += 1
      return resolving(asked === 1 ? '127.0.0.1' : '8.8.8.8')(name, options, callback)
    }
    expect(await refusal(() => tenant(turning).fetch(order))).toMatchObject({ detail: { reason: 'reach' } })
    expect(asked).toBe(1)
    expect(server.asked).toEqual([])
  })
})

test('a redirect of a public server to a private one is not followed', () => {
  // What a public server answers with goes through the same check as what the tenant named.
  for (const location of [
    'http://example.org/',
    'https://10.0.0.1/x',
    'https://[fd00::1]/',
    'https://169.254.169.254/',
  ])
    expect(() => checkUrl(new URL(location, 'https://public.example/').href, 'public')).toThrow()
})

describe('by https, as tenants do', () => {
  // Of this machine's addresses one plays the Internet, and another one the operator's network.
  const INTERNET = '127.0.0.1'
  const INSIDE = '127.0.0.2'
  // A key and certificate of these tests' own, good for 100 years and for nothing else.
  const tls = (name: string) => readFileSync(join(__dirname, '..', '..', 'fixtures', 'tls', name), 'utf8')
  const names: Record<string, string> = { 'files.example': INTERNET, 'other.example': INSIDE }
  const asked: string[] = []
  let server: Server
  let port: number
  let location: string | undefined
  beforeEach(async () => {
    asked.length = 0
    location = undefined
    server = createServer({ key: tls('key.pem'), cert: tls('cert.pem') }, (req, res) => {
      asked.push(`${req.socket.localAddress} ${req.url}`)
      if (req.url === '/moved' && location !== undefined) res.writeHead(302, { location }).end()
      else res.end('the file')
    })
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  const fetcher = openFetcher({
    ca: tls('cert.pem'),
    isPublic: (address) => address === INTERNET,
    lookup: (name, options, callback) => resolving(names[name] ?? '192.0.2.1')(name, options, callback),
  })
  const get = (path: string) => fetcher.fetch({ url: `https://files.example:${port}${path}`, reach: 'public', from: 0 })

  it('a public file comes', async () => {
    const { body, total } = await get('/disk')
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('the file')
    expect(total === null || total === 8).toBe(true)
    expect(asked).toEqual([`${INTERNET} /disk`])
  })

  it('a redirect to a public file is followed', async () => {
    location = `https://files.example:${port}/disk`
    const got = await get('/moved')
    got.stop()
    expect(asked).toEqual([`${INTERNET} /moved`, `${INTERNET} /disk`])
  })

  it.each([
    ['a name inside', () => `https://other.example:${port}/secret`],
    ['an address inside', () => `https://${INSIDE}:${port}/secret`],
    ['plain http', () => `http://files.example:${port}/disk`],
    ['a file', () => 'file:///etc/passwd'],
  ])('a redirect to %s is not', async (_what, to) => {
    location = to()
    expect(await refusal(() => get('/moved'))).toMatchObject({ kind: 'invalid' })
    expect(asked).toEqual([`${INTERNET} /moved`])
  })

  it('nor is a certificate of somebody else taken', async () => {
    const trusting = openFetcher({ isPublic: () => true, lookup: resolving(INTERNET) })
    const order = { url: `https://files.example:${port}/disk`, reach: 'public', from: 0 } as const
    expect(await refusal(() => trusting.fetch(order))).toMatchObject({ kind: 'unreachable' })
    expect(asked).toEqual([])
  })
})
