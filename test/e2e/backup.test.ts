/** A backup made by the commands of docs/operate.md while all runs, put back in place of a data folder that is lost. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findRedisServer } from '../../src/store/redis-server'
import { names, page } from '../docs/tables'
import { qcow2 } from '../support/disks'
import { occiGateway, plainEnvironment, run, startUp, type Up } from '../support/gateway-process'
import { COMPUTE_CATEGORY, occiClient } from '../support/occi-client'

const folder = mkdtempSync(join(tmpdir(), 'og-up-'))
const data = join(folder, 'data')
const safe = join(folder, 'safe')
let up: Up

beforeAll(async () => {
  mkdirSync(safe)
  up = await startUp(data)
})
afterAll(async () => {
  await up.end('SIGINT')
  rmSync(folder, { recursive: true, force: true })
})

const shown = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await occiGateway([...words, '--data', data])
  if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return stdout
}

/** The commands of the page, on these folders. */
function commands(): string {
  const [, block = ''] = /^## Backup and restore$[\s\S]*?^```sh\n([\s\S]*?)^```/m.exec(page('operate.md')) ?? []
  return `cd "$1"\n${block.replaceAll('/somewhere/safe/', '"$2/"')}`
}

/** An environment in which `redis-cli` is that of the server which `up` runs, whatever it is called. */
function withRedisCli(): NodeJS.ProcessEnv {
  const server = findRedisServer()
  if (!server) throw new Error('no Redis')
  const tools = join(folder, 'bin')
  mkdirSync(tools)
  const beside = ['redis-cli', 'valkey-cli'].map((name) => join(dirname(server.bin), name)).find(existsSync)
  if (beside !== undefined) symlinkSync(beside, join(tools, 'redis-cli'))
  return { ...plainEnvironment(), ...server.env, PATH: `${tools}:${process.env.PATH}` }
}

test('what is in the data folder is told on the page', async () => {
  const told = names('operate.md', 'path').flatMap((cell) => cell.split(', ').map((name) => name.replace(/\/$/, '')))
  expect(told).toEqual(expect.arrayContaining(readdirSync(data)))
  expect(told).toContain('images')
})

test('machines, images with their contents and credentials are there again', async () => {
  const disk = join(folder, 'disk.qcow2')
  writeFileSync(disk, qcow2())
  await shown('image', 'add', disk, '--name', 'mine')
  const first = up.session()
  const made = await occiClient(first)('POST', 'compute/', { 'content-type': 'text/occi', category: COMPUTE_CATEGORY })
  const machine = new URL(made.headers.get('location') ?? '').pathname

  const copied = await run('bash', ['-euc', commands(), 'bash', folder, safe], withRedisCli())
  expect(copied).toMatchObject({ code: 0, stderr: '', stdout: 'OK\nOK\n' })

  await up.end('SIGINT')
  rmSync(data, { recursive: true })
  for (const name of readdirSync(safe))
    cpSync(join(safe, name), join(data, name === 'appendonlydir' ? 'redis' : '', name), { recursive: true })
  up = await startUp(data)

  // The password of the first session was not in the backup: another start makes a new one.
  const again = occiClient(up.session())
  expect((await again('GET', machine.slice(1))).status).toBe(200)
  const { accountId, accessKeyId } = first
  expect(up.session()).toMatchObject({ accountId })
  expect(await shown('key', 'list')).toContain(accessKeyId)
  expect(await shown('image', 'check', 'mine')).toMatch(/all files are as they should be/)
}, 60_000)
