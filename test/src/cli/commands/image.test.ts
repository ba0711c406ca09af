/** `image …` as people call it: against a gateway and a worker in this process, over a real Redis and a real folder. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { adminClient } from '../../../../src/cli/admin-client'
import { localFile, sendFile } from '../../../../src/cli/send-file'
import { loadConfig } from '../../../../src/config'
import { type Gateway, startGateway } from '../../../../src/gateway'
import { openImageStore } from '../../../../src/images'
import { type RunningWorker, startWorker } from '../../../../workers/worker'
import { sha256 } from '../../../support/digest'
import { bzImage, initramfs, qcow2 } from '../../../support/disks'
import { refusalOf } from '../../../support/faults'
import { type FileServer, startFileServer } from '../../../support/file-server'
import { startRedis, type TestRedis } from '../../../support/redis'
import { runCli } from '../../../support/run-cli'

const log = pino({ level: 'silent' })
let redis: TestRedis
let data: string
let gateway: Gateway
let worker: RunningWorker
let files: FileServer
let url: string
let tenant: Record<string, string>
let operator: Record<string, string>

beforeAll(async () => {
  redis = await startRedis()
  files = await startFileServer()
  data = mkdtempSync(join(tmpdir(), 'og-images-'))
  const config = { ...loadConfig(['--data', data, '--port', '0', '--log-level', 'silent'], {}), redis: redis.address }
  gateway = await startGateway({ ...config, simulated: true }, log)
  worker = await startWorker(config, { log })
  url = `http://127.0.0.1:${gateway.port}`
  const { token } = JSON.parse(readFileSync(join(data, 'operator.json'), 'utf8'))
  operator = { OCCI_GATEWAY_ADMIN_URL: url, OCCI_GATEWAY_ADMIN_TOKEN: token }
  const made = await adminClient({ url, token }).post('/projects', { name: 'ann' })
  const { user, password } = made as { user: string; password: string }
  tenant = { OCCI_ENDPOINT: `${url}/`, OCCI_USER: user, OCCI_PASSWORD: password }
})
afterAll(async () => {
  await worker.close()
  await gateway.close()
  await files.close()
  await redis.stop()
  rmSync(data, { recursive: true, force: true })
})

async function image(env: Record<string, string>, ...words: readonly string[]): Promise<string> {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    return await runCli(env, 'image', ...words)
  } finally {
    write.mockRestore()
  }
}
function file(name: string, bytes: Buffer): string {
  const path = join(data, name)
  writeFileSync(path, bytes)
  return path
}

test('add a file, see it, check it, remove it', async () => {
  const disk = Buffer.concat([qcow2(), randomBytes(9 * 1024 * 1024)])
  const path = file('mine.qcow2', disk)
  const said = await image(operator, 'add', path, '--name', 'mine', '--title', 'My own', '--sha256', sha256(disk))
  expect(said).toMatch(/^ami-[0-9a-f]{17} \(mine\) is available\n$/)
  expect(await image(operator, 'list')).toMatch(/mine +My own +- +3 GiB +x86_64 +available/)
  const shown = await image(operator, 'show', 'mine')
  expect(shown).toContain(`qcow2, ${disk.length} bytes, sha256 ${sha256(disk)}`)
  expect(await image(operator, 'check', 'mine')).toMatch(/all files are as they should be/)
  await openImageStore({ images: join(data, 'images') }).remove(sha256(disk))
  expect(await refusalOf(image(operator, 'check', 'mine'))).toMatchObject({
    kind: 'refused',
    message: /not in the image/,
  })
  expect(await image(operator, 'remove', 'mine')).toBe('mine is removed\n')
  expect(await refusalOf(image(operator, 'show', 'mine'))).toMatchObject({ kind: 'not-found' })
})

test('add an address, and a kernel with its initramfs', async () => {
  files.files.set('/cloud.qcow2', qcow2())
  const added = JSON.parse(await image(operator, 'add', `${files.url}/cloud.qcow2`, '--json'))
  expect(added).toMatchObject({ name: 'cloud.qcow2', sizeGiB: 3, state: 'available' })
  const [kernel, ramdisk] = [file('vmlinuz', bzImage()), file('initrd', initramfs())]
  const boots = ['--name', 'tiny guest', '--kernel', kernel, '--initramfs', ramdisk, '--cmdline', 'console=hvc0']
  expect(await image(operator, 'add', ...boots)).toContain('is available')
  const shown = await image(operator, 'show', 'tiny guest')
  expect(shown).toMatch(/size +no root disk/)
  expect(shown).toMatch(/mode +pvh/)
  expect(shown).toMatch(/command line +console=hvc0/)
})

test('a tenant uploads an image of its own', async () => {
  const disk = qcow2({ sizeBytes: 2n * 1024n ** 3n })
  const path = file('theirs.qcow2', disk)
  expect(await image(tenant, 'upload', path, '--name', 'theirs')).toContain('is available')
  expect(await image(operator, 'list')).toMatch(/theirs +theirs +ann +2 GiB/)
  const wrong = { ...tenant, OCCI_PASSWORD: 'wrong' }
  expect(await refusalOf(image(wrong, 'upload', path, '--name', 'x y'))).toMatchObject({ kind: 'unauthenticated' })
  expect(await refusalOf(image({}, 'upload', path))).toMatchObject({
    kind: 'unauthenticated',
    message: /OCCI_ENDPOINT/,
  })
  const inside = await refusalOf(image(tenant, 'upload', 'https://127.0.0.1/disk', '--name', 'inside'))
  expect(inside).toMatchObject({ kind: 'refused', message: /public/ })
})

test('what broke off goes on where it was, also in another call', async () => {
  const disk = Buffer.concat([qcow2(), randomBytes(20 * 1024 * 1024)])
  const path = file('large.qcow2', disk)
  const admin = adminClient({ url, token: operator.OCCI_GATEWAY_ADMIN_TOKEN ?? '' })
  const order = { name: 'large', parts: { disk: { bytes: disk.length, digest: sha256(disk) } } }
  const made = (await admin.post('/images', order)) as { imports: { id: string }[] }
  const id = made.imports[0]?.id ?? ''
  const sent: number[] = []
  const breaking = {
    get: admin.get,
    async putPiece(to: string, piece: Parameters<typeof admin.putPiece>[1]) {
      if (sent.length === 1) throw new Error('the terminal was closed')
      sent.push(piece.at)
      return admin.putPiece(to, piece)
    },
  }
  await expect(sendFile(breaking, { path, bytes: disk.length }, id, () => undefined)).rejects.toThrow()
  expect(sent).toEqual([0])
  // A piece at the wrong place is answered with the right one, and nothing is spoiled.
  const elsewhere = await admin.putPiece(`/uploads/${id}`, { bytes: new Uint8Array(10), at: 5, total: disk.length })
  expect(elsewhere).toEqual({ have: 8 * 1024 * 1024, complete: false })
  expect(await image(operator, 'add', path, '--name', 'large')).toContain('is available')
  expect(await image(operator, 'show', 'large')).toContain(sha256(disk))
})

test('refusals', async () => {
  const path = file('bad.qcow2', qcow2({ backing: 512 }))
  expect(await refusalOf(image(operator, 'add', path, '--name', 'bad'))).toMatchObject({ message: /backing file/ })
  expect(await refusalOf(image(operator, 'add', path, '--sha256', 'a'.repeat(64)))).toMatchObject({
    message: /has the SHA-256/,
  })
  expect(await refusalOf(image(operator, 'add', join(data, 'nothing')))).toMatchObject({
    message: /catalogue: debian-13/,
  })
  expect(await refusalOf(image(operator, 'add'))).toMatchObject({ message: /name a disk/ })
  expect(await refusalOf(image(operator, 'add', path, '--mode', 'xyz'))).toMatchObject({ message: /pv, pvh, hvm/ })
  expect(await refusalOf(localFile(data, () => undefined))).toMatchObject({ kind: 'not-found' })
  const admin = adminClient({ url, token: operator.OCCI_GATEWAY_ADMIN_TOKEN ?? '' })
  const piece = { bytes: new Uint8Array(10), at: 0, total: 10 }
  await expect(admin.putPiece('/uploads/none', piece)).rejects.toMatchObject({ kind: 'not-found' })
  const rangeless = await fetch(`${url}/api/v1/uploads/x`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${operator.OCCI_GATEWAY_ADMIN_TOKEN}` },
    body: 'x',
  })
  expect(rangeless.status).toBe(400)
  const anonymous = await fetch(`${url}/images/v1/uploads/x`, { method: 'PUT', body: 'x' })
  expect(anonymous.status).toBe(401)
})

test('more than was announced is refused, and another project cannot add', async () => {
  const admin = adminClient({ url, token: operator.OCCI_GATEWAY_ADMIN_TOKEN ?? '' })
  const made = (await admin.post('/images', { name: 'ten bytes', parts: { disk: { bytes: 10 } } })) as {
    imports: { id: string }[]
  }
  const to = `/uploads/${made.imports[0]?.id}`
  await expect(admin.putPiece(to, { bytes: new Uint8Array(11), at: 0, total: 10 })).rejects.toMatchObject({
    kind: 'refused',
  })
  expect(await admin.get(to)).toEqual({ have: 0 })
  // Spelt as the router takes it too, the piece is still a piece.
  for (const [n, path] of [`/api/v1${to}/`, `/API/v1${to}`].entries()) {
    const put = await fetch(url + path, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${operator.OCCI_GATEWAY_ADMIN_TOKEN}`,
        'content-range': `bytes ${n}-${n}/10`,
      },
      body: 'x',
    })
    expect(await put.json()).toEqual({ have: n + 1, complete: false })
  }
  const basic = Buffer.from(`${tenant.OCCI_USER}:${tenant.OCCI_PASSWORD}`).toString('base64')
  const foreign = await fetch(`${url}/images/v1${to}`, { headers: { authorization: `Basic ${basic}` } })
  expect(foreign.status).toBe(404)
})

test('the catalogue', async () => {
  expect(await image({}, 'catalogue')).toMatch(/debian-12 +Debian 12/)
  expect(JSON.parse(await image({}, 'catalogue', '--json'))[0]).toMatchObject({ name: 'debian-13' })
})
