import { created, type OcciApp, occiApp } from '../../support/occi-app'

const PAGE = 'https://console.example.org'
const preflight = ({ ask }: OcciApp, origin = PAGE) =>
  ask('options', '/tags/blue/').set('Origin', origin).set('Access-Control-Request-Method', 'PUT')

test('nobody is let in by default', async () => {
  const app = occiApp()
  const answers = [await preflight(app), await app.ask('get', '/compute/').set('Origin', PAGE)]
  for (const { headers } of answers) {
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers).not.toHaveProperty('access-control-allow-methods')
  }
})

test('a page of a configured origin may ask, send and read', async () => {
  const app = occiApp({ origins: [PAGE, 'https://b.example'] })
  const asked = await preflight(app).set('x-test-user', 'nobody')
  expect(asked.status).toBe(204)
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': PAGE,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    'access-control-max-age': '600',
    vary: 'Origin',
  })
  expect(asked.headers['access-control-allow-headers']).toContain('X-OCCI-Attribute')
  expect(asked.headers).not.toHaveProperty('access-control-allow-credentials')
  const path = await created(app)
  const read = await app.ask('get', path).set('Origin', PAGE)
  expect(read.headers['access-control-allow-origin']).toBe(PAGE)
  expect(read.headers['access-control-expose-headers']).toContain('X-OCCI-Location')
})

test('errors can be read too: who is not known sees that, not a broken network', async () => {
  const app = occiApp({ origins: [PAGE] })
  const answer = await app.ask('get', '/compute/').set('Origin', PAGE).set('x-test-user', 'nobody')
  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([401, PAGE])
})

test.each(['https://evil.example', 'null', `${PAGE}.evil.example`])('%s is told nothing', async (origin) => {
  const answer = await preflight(occiApp({ origins: [PAGE] }), origin)
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  expect(answer.headers.vary).toBe('Origin')
})

test('a star lets all in', async () => {
  const { headers } = await preflight(occiApp({ origins: ['*'] }), 'https://any.example')
  expect([headers['access-control-allow-origin'], headers.vary]).toEqual(['*', undefined])
})
