import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AdminClient } from '../../../../src/cli/admin-client'
import { readSession } from '../../../../src/cli/session'
import { firstSession, type Site } from '../../../../src/cli/up/first-session'
import { fault } from '../../../../src/faults'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'og-first-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))
const site = (url = 'http://127.0.0.1:8787'): Site => ({ data, region: 'local-1', url })

const OFFERS: Readonly<Record<string, unknown>> = {
  '/images': {
    images: [
      { ami: 'ami-1', default: false },
      { ami: 'ami-2', default: true },
    ],
  },
  '/types': { types: [{ name: 't2.nano', default: false }] },
  '/projects': {
    projects: [
      { name: 'other', accountId: '1' },
      { name: 'first', accountId: '123456789012' },
    ],
  },
}

/** An admin API that keeps what it was asked; `there`: the project exists already. */
function fakeAdmin({ there }: { readonly there: 'yes' | 'no' }) {
  const asked: string[] = []
  const passwords: unknown[] = []
  const answer = (method: string, path: string, body?: unknown): Promise<unknown> => {
    asked.push(`${method} ${path}`)
    if (method === 'GET') return Promise.resolve(OFFERS[path])
    if (path === '/keys') return Promise.resolve({ accessKeyId: 'AKIANEW', secretAccessKey: 'new' })
    if (method === 'PATCH') {
      passwords.push(body)
      return Promise.resolve({})
    }
    return there === 'yes'
      ? Promise.reject(fault('exists', 'there is a project first'))
      : Promise.resolve({
          accountId: '123456789012',
          user: 'first',
          password: 'word',
          accessKeyId: 'AKIA1',
          secretAccessKey: 'secret',
        })
  }
  const admin: AdminClient = {
    get: (path) => answer('GET', path),
    post: (path, body) => answer('POST', path, body),
    patch: (path, body) => answer('PATCH', path, body),
    delete: (path) => answer('DELETE', path),
  }
  return { admin, asked, passwords }
}

test('the first time: a project, what it may use, and a file of it', async () => {
  const { admin, asked } = fakeAdmin({ there: 'no' })
  const session = await firstSession(admin, site())
  expect(session).toEqual({
    occiUrl: 'http://127.0.0.1:8787/',
    ec2Url: 'http://127.0.0.1:8787/ec2/',
    user: 'first',
    password: 'word',
    accessKeyId: 'AKIA1',
    secretAccessKey: 'secret',
    accountId: '123456789012',
    region: 'local-1',
    imageId: 'ami-2',
    instanceType: 't2.nano',
  })
  expect(readSession(data)).toEqual(session)
  expect(asked).toEqual(['POST /projects', 'GET /images', 'GET /types'])
})

test('again: the same, and nothing is asked', async () => {
  const before = await firstSession(fakeAdmin({ there: 'no' }).admin, site())
  const { admin, asked } = fakeAdmin({ there: 'yes' })
  expect(await firstSession(admin, site())).toEqual(before)
  expect(asked).toEqual([])
})

test('at another port: the same credentials, the new endpoints', async () => {
  const before = await firstSession(fakeAdmin({ there: 'no' }).admin, site())
  const after = await firstSession(fakeAdmin({ there: 'yes' }).admin, site('http://127.0.0.1:9000'))
  expect(after).toEqual({ ...before, occiUrl: 'http://127.0.0.1:9000/', ec2Url: 'http://127.0.0.1:9000/ec2/' })
  expect(readSession(data)).toEqual(after)
})

test('killed between project and file: the project gets new credentials', async () => {
  const { admin, asked, passwords } = fakeAdmin({ there: 'yes' })
  const session = await firstSession(admin, site())
  expect(asked).toContain('PATCH /users/first')
  expect(session).toMatchObject({
    user: 'first',
    accountId: '123456789012',
    accessKeyId: 'AKIANEW',
    secretAccessKey: 'new',
  })
  expect(passwords).toEqual([{ password: session.password }])
  expect(session.password.length).toBeGreaterThanOrEqual(20)
})

test('another refusal is passed on, and no file is written', async () => {
  const admin: AdminClient = {
    ...fakeAdmin({ there: 'no' }).admin,
    post: () => Promise.reject(fault('unavailable', 'away')),
  }
  await expect(firstSession(admin, site())).rejects.toMatchObject({ kind: 'unavailable' })
  expect(readSession(data)).toBeUndefined()
})
