import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adminClient, findAccess } from '../../../src/cli/admin-client'
import { Fault } from '../../../src/faults'

describe('findAccess', () => {
  let data: string
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'og-access-'))
  })
  afterEach(() => rmSync(data, { recursive: true, force: true }))
  const operator = (content: unknown) => writeFileSync(join(data, 'operator.json'), JSON.stringify(content))

  test("the operator's file", () => {
    operator({ token: 'op-1.x', url: 'http://127.0.0.1:9999/' })
    expect(findAccess({ data, port: 8787 }, {})).toEqual({ token: 'op-1.x', url: 'http://127.0.0.1:9999' })
  })

  test('a running `up` is meant rather than the gateway that started last', () => {
    operator({ token: 'op-1.x', url: 'http://127.0.0.1:9999' })
    expect(findAccess({ data, port: 8787, running: 'http://10.0.0.5:4711' }, {}).url).toBe('http://10.0.0.5:4711')
  })

  test('a file without an address: the configured port', () => {
    operator({ token: 'op-1.x', url: '' })
    expect(findAccess({ data, port: 8788 }, {}).url).toBe('http://127.0.0.1:8788')
  })

  test('the environment comes first and needs no file', () => {
    const env = { OCCI_GATEWAY_ADMIN_URL: 'https://cloud.example/', OCCI_GATEWAY_ADMIN_TOKEN: 'op-2.y' }
    expect(findAccess({ data: '/nowhere', port: 1 }, env)).toEqual({ token: 'op-2.y', url: 'https://cloud.example' })
  })

  test('variables that are empty are none', () => {
    operator({ token: 'op-1.x', url: 'http://127.0.0.1:9999' })
    const env = { OCCI_GATEWAY_ADMIN_URL: '', OCCI_GATEWAY_ADMIN_TOKEN: '' }
    expect(findAccess({ data, port: 8787 }, env)).toEqual({ token: 'op-1.x', url: 'http://127.0.0.1:9999' })
  })

  test('an address that is none is named', () => {
    const env = { OCCI_GATEWAY_ADMIN_URL: 'gateway:8787', OCCI_GATEWAY_ADMIN_TOKEN: 'op-2.y' }
    expect(() => findAccess({ data, port: 1 }, env)).toThrow(/OCCI_GATEWAY_ADMIN_URL: "gateway:8787".*http:\/\//)
  })

  test('without any: what to do is told', () => {
    expect(() => findAccess({ data, port: 1 }, {})).toThrow(/operator\.json.*OCCI_GATEWAY_ADMIN_TOKEN/)
    operator({ no: 'token' })
    expect(() => findAccess({ data, port: 1 }, {})).toThrow(Fault)
  })
})

describe('adminClient', () => {
  let server: Server
  let url = ''
  let answer: (req: IncomingMessage, res: ServerResponse) => void
  const seen: { method?: string | undefined; url?: string | undefined; token?: string | undefined; body: string }[] = []

  beforeAll(async () => {
    server = createServer(async (req, res) => {
      let body = ''
      for await (const chunk of req) body += chunk
      seen.push({ method: req.method, url: req.url, token: req.headers.authorization, body })
      answer(req, res)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  beforeEach(() => {
    seen.length = 0
    answer = (_req, res) => res.end('{"a":1}')
  })
  const client = () => adminClient({ url, token: 'op-1.x' })
  const says = (status: number, body: unknown) => {
    answer = (_req, res) => {
      res.statusCode = status
      res.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
  }
  const kindOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof Fault ? `${error.kind}: ${error.message}` : String(error)),
    )

  test('each method, with the token, parameters and body', async () => {
    await client().get('/users', { project: 'a b', none: undefined })
    await client().post('/keys', { user: 'x' })
    await client().patch('/users/x', { enabled: false })
    await client().delete('/hosts/x')
    expect(seen).toEqual([
      { method: 'GET', url: '/api/v1/users?project=a+b', token: 'Bearer op-1.x', body: '' },
      { method: 'POST', url: '/api/v1/keys', token: 'Bearer op-1.x', body: '{"user":"x"}' },
      { method: 'PATCH', url: '/api/v1/users/x', token: 'Bearer op-1.x', body: '{"enabled":false}' },
      { method: 'DELETE', url: '/api/v1/hosts/x', token: 'Bearer op-1.x', body: '' },
    ])
  })

  test('an empty answer is nothing', async () => {
    says(204, '')
    expect(await client().delete('/hosts/x')).toBeUndefined()
  })

  test.each([
    [409, 'exists', 'exists: it is there'],
    [404, 'not-found', 'not-found: it is there'],
    [401, 'unauthenticated', 'unauthenticated: it is there'],
    [503, 'unavailable', 'unavailable: it is there'],
    [409, 'in-use', 'refused: it is there'],
    [400, 'invalid', 'refused: it is there'],
  ])('%d %s', async (status, code, told) => {
    says(status, { code, message: 'it is there', requestId: 'r' })
    expect(await kindOf(client().get('/x'))).toBe(told)
  })

  test('an answer that is none of ours is shown', async () => {
    says(502, '<html>proxy</html>')
    expect(await kindOf(client().get('/x'))).toBe('refused: the gateway answered 502: <html>proxy</html>')
  })

  test.each(['', '.', '..'])('a name %j would be another path: refused before anything is sent', async (name) => {
    const before = seen.length
    expect(await kindOf(client().delete(`/users/${encodeURIComponent(name)}`))).toMatch(/^invalid: /)
    expect(await kindOf(client().post(`/stuck/${encodeURIComponent(name)}/resume`))).toMatch(/^invalid: /)
    expect(seen).toHaveLength(before)
  })

  test('an address that is none', async () => {
    expect(await kindOf(adminClient({ url: 'nowhere', token: 'x' }).get('/x'))).toMatch(
      /^invalid: nowhere is no address/,
    )
  })

  test('nobody there', async () => {
    const away = adminClient({ url: 'http://127.0.0.1:1', token: 'x' })
    expect(await kindOf(away.get('/x'))).toMatch(/^unreachable: no gateway answers at http:\/\/127\.0\.0\.1:1/)
  })
})
