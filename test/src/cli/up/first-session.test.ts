/** The session of a first start, and which later starts may use it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AdminClient } from '../../../../src/cli/admin-client'
import { readSession } from '../../../../src/cli/session'
import { firstSession } from '../../../../src/cli/up/first-session'
import { fault } from '../../../../src/faults'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'og-session-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

/** The admin API of one site, as far as it is asked: every key and password that it gives is another one. */
function site(name: string): AdminClient {
  let made = 0
  const none = () => Promise.reject(fault('not-found', 'not asked for here'))
  const key = () => ({ accessKeyId: `AKIA-${name}-${++made}`, secretAccessKey: 'secret' })
  return {
    async get(path) {
      if (path === '/images') return { images: [{ ami: `ami-${name}`, default: true }] }
      if (path === '/types') return { types: [{ name: 't2.nano', default: true }] }
      return path === '/projects' ? { projects: [{ name: 'first', accountId: `account-${name}` }] } : none()
    },
    async post(path) {
      if (path === '/keys') return key()
      if (made > 0) throw fault('exists', 'there is a project first already')
      return { ...key(), user: 'first', password: `password-${name}`, accountId: `account-${name}` }
    },
    patch: async () => undefined,
    delete: none,
    putPiece: none,
  }
}

const start = (admin: AdminClient, region: string) => firstSession(admin, { data, region, url: 'http://127.0.0.1:1' })

test('a second start of the same region keeps it', async () => {
  const admin = site('a')
  const first = await start(admin, 'here-1')
  expect(first).toMatchObject({ accessKeyId: 'AKIA-a-1', region: 'here-1', imageId: 'ami-a' })
  expect(await start(admin, 'here-1')).toEqual(first)
})

test('another region is another site: its own credentials and image, and so again on the way back', async () => {
  const [here, there] = [site('a'), site('b')]
  await start(here, 'here-1')
  const other = await start(there, 'there-1')
  expect(other).toMatchObject({ accessKeyId: 'AKIA-b-1', password: 'password-b', region: 'there-1', imageId: 'ami-b' })
  expect(readSession(data)).toEqual(other)
  const back = await start(here, 'here-1')
  expect(back).toMatchObject({ accessKeyId: 'AKIA-a-2', accountId: 'account-a', region: 'here-1', imageId: 'ami-a' })
})
