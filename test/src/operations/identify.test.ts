import { randomBytes } from 'node:crypto'
import { bootstrapOperator } from '../../../src/operations'
import { hashPassword, isPassword, NO_PASSWORD } from '../../../src/operations/identify/password'
import type { Operations } from '../../../src/operations/operations'
import type { NewProject } from '../../../src/operations/projects'
import { seal } from '../../../src/store/sealed'
import { cpuMs } from '../../support/cpu-ms'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

const FROM = { source: '10.1.2.3', requestId: 'r-7' }

let redis: TestRedis
let site: Gateways
let ann: NewProject
let operations: Operations
let other: Operations

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis, { pool: 'none' })
  operations = site.first.operations
  other = site.second.operations
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})
let projects = 0
beforeEach(async () => {
  ann = await site.project(`ann${++projects}`)
})

describe('a password', () => {
  it('is kept as a salted scrypt hash', async () => {
    const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')]
    expect(one).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(two)
    expect(await isPassword('correct horse', one)).toBe(true)
    expect(await isPassword('correct Horse', one)).toBe(false)
    // The same text typed as other code points (RFC 7617 §2.1 names the charset, RFC 8265 the form).
    expect(await isPassword('a\u0308', await hashPassword('ä'))).toBe(true)
  })

  it.each(['', 'plain', 'scrypt$16384$8$1$x', 'bcrypt$1$2$3$4$5'])(
    'of another form matches nothing: %j',
    async (stored) => {
      expect(await isPassword('', stored)).toBe(false)
    },
  )

  it('that nobody has is matched by none', async () => {
    expect(await isPassword('', NO_PASSWORD)).toBe(false)
  })

  it('tells who it is, with project and account', async () => {
    const caller = await operations.identifyByPassword(ann.user.wish.name, ann.password, FROM)
    expect(caller).toEqual({
      project: ann.project.id,
      account: ann.project.wish.account,
      userName: ann.user.wish.name,
      actor: { user: ann.user.wish.name, key: '', ...FROM },
    })
    expect(ann.project.wish.account).toMatch(/^[1-9]\d{11}$/)
  })

  it.each([
    ['a wrong one', () => [ann.user.wish.name, 'wrong']],
    ['none', () => [ann.user.wish.name, '']],
    ['an unknown user', () => ['nobody', ann.password]],
    ['a name that is a project’s', () => [`project:${ann.project.wish.name}`, ann.password]],
  ])('%s is refused', async (_name, given) => {
    const [user = '', password = ''] = given()
    expect(await operations.identifyByPassword(user, password, FROM)).toBeUndefined()
  })

  it('unknown users cost as much as known ones', async () => {
    const time = (user: string) =>
      cpuMs(() => operations.identifyByPassword(user, randomBytes(8).toString('hex'), FROM))
    const median = async (user: string) => {
      const times = [await time(user), await time(user), await time(user), await time(user), await time(user)]
      return times.sort((a, b) => a - b)[2] ?? 0
    }
    const [known, unknown] = [await median(ann.user.wish.name), await median('nobody')]
    expect(unknown).toBeGreaterThan(known / 3)
    expect(known).toBeGreaterThan(unknown / 3)
  })

  it('is believed for a minute without working it out again', async () => {
    const login = () => operations.identifyByPassword(ann.user.wish.name, ann.password, FROM)
    await login()
    const cached = await cpuMs(async () => {
      for (let times = 0; times < 20; times++) expect(await login()).toBeDefined()
    })
    site.clock.at += 60_001
    // One that is worked out costs more than twenty that are believed.
    expect(await cpuMs(login)).toBeGreaterThan(cached)
  })

  it('is looked at for who knew it lately, and for other addresses, while somebody sends wrong ones', async () => {
    const known = () => operations.identifyByPassword(ann.user.wish.name, ann.password, FROM)
    await known()
    site.clock.at += 120_000
    const guesses = Array.from({ length: 40 }, (_, at) => operations.identifyByPassword(`guess-${at}`, 'x', FROM))
    const outcomes = Promise.allSettled(guesses)
    const fresh = operations.identifyByPassword(ann.user.wish.name, ann.password, { ...FROM, source: '10.1.2.4' })
    expect([await known(), await fresh].every(Boolean)).toBe(true)
    const refused = (await outcomes).filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(24)
    expect(refused[0]).toMatchObject({ reason: { kind: 'throttled' } })
    site.clock.at += 1000
    expect(await operations.identifyByPassword('nobody', 'x', FROM)).toBeUndefined()
  })

  it('changed in another gateway ends the old one at once, also where it was believed', async () => {
    const name = ann.user.wish.name
    expect(await operations.identifyByPassword(name, ann.password, FROM)).toBeDefined()
    await other.setUser(OPERATOR, name, { password: 'another one' })
    expect(await operations.identifyByPassword(name, ann.password, FROM)).toBeUndefined()
    expect(await operations.identifyByPassword(name, 'another one', FROM)).toBeDefined()
  })

  it('of a disabled or removed user ends at once', async () => {
    const name = ann.user.wish.name
    const login = () => operations.identifyByPassword(name, ann.password, FROM)
    expect(await login()).toBeDefined()
    await other.setUser(OPERATOR, name, { enabled: false })
    expect(await login()).toBeUndefined()
    await other.setUser(OPERATOR, name, { enabled: true })
    expect(await login()).toBeDefined()
    await other.removeUser(OPERATOR, name)
    expect(await login()).toBeUndefined()
  })
})

describe('an access key', () => {
  it('gives the secret to check with, and who it is', async () => {
    const found = await operations.identifyByAccessKey(ann.key.accessKeyId, FROM)
    expect(found?.secret).toBe(ann.key.secretAccessKey)
    expect(found?.caller).toMatchObject({ project: ann.project.id, actor: { key: ann.key.accessKeyId } })
    expect(ann.key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
    expect(ann.key.secretAccessKey).toHaveLength(40)
  })

  it('that is unknown gives nothing', async () => {
    expect(await operations.identifyByAccessKey('AKIAAAAAAAAAAAAAAAAA', FROM)).toBeUndefined()
    expect(await operations.identifyByAccessKey('', FROM)).toBeUndefined()
  })

  it('is disabled, enabled and removed at once, with its user too', async () => {
    const find = (id: string) => operations.identifyByAccessKey(id, FROM)
    const { accessKeyId } = ann.key
    await other.setKey(OPERATOR, accessKeyId, { enabled: false })
    expect(await find(accessKeyId)).toBeUndefined()
    await other.setKey(OPERATOR, accessKeyId, { enabled: true })
    expect(await find(accessKeyId)).toBeDefined()
    const second = await other.addKey(OPERATOR, { user: ann.user.wish.name })
    expect((await find(second.accessKeyId))?.secret).toBe(second.secretAccessKey)
    await other.removeKey(OPERATOR, accessKeyId)
    expect(await find(accessKeyId)).toBeUndefined()
    await other.setUser(OPERATOR, ann.user.wish.name, { enabled: false })
    expect(await find(second.accessKeyId)).toBeUndefined()
    await other.setUser(OPERATOR, ann.user.wish.name, { enabled: true })
    await other.removeUser(OPERATOR, ann.user.wish.name)
    expect(await find(second.accessKeyId)).toBeUndefined()
  })

  it('is worth nothing with a secret moved over from another record', async () => {
    const stolen = (await site.store.readAll('key')).find((key) => key.wish.accessKeyId === ann.key.accessKeyId)
    expect(stolen?.wish.secret).not.toContain(ann.key.secretAccessKey)
    const resealed = seal(site.ring, 'another-record', ann.key.secretAccessKey)
    await site.store.change(
      {
        operationId: 'tamper',
        actor: OPERATOR.actor,
        what: 'tamper',
        updates: [
          {
            ref: { kind: 'key', id: stolen?.id ?? '' },
            project: stolen?.project ?? null,
            generation: stolen?.generation ?? 0,
            wish: { ...stolen?.wish, secret: resealed },
            raisePhase: false,
            wake: false,
          },
        ],
      },
      site.clock.now(),
    )
    await expect(operations.identifyByAccessKey(ann.key.accessKeyId, FROM)).rejects.toMatchObject({ kind: 'internal' })
  })
})

describe('an operator’s token', () => {
  const file = () => {
    let kept: string | undefined
    return {
      read: () => kept,
      write: (token: string) => {
        kept = token
      },
    }
  }

  it('is made once, kept before it counts, written again where it is lost, and is no tenant’s key', async () => {
    const kept = file()
    await bootstrapOperator(site.first.context, kept)
    const token = kept.read() ?? ''
    expect(token).toMatch(/^op-[0-9a-f]{12}\.\S{40}$/)
    const lost = file()
    await bootstrapOperator(site.second.context, lost)
    expect(lost.read()).toBe(token)
    const strange = file()
    const stranger = { ...site.second.context, ring: { keys: [{ id: 'k9', key: Buffer.alloc(32) }] } }
    await bootstrapOperator(stranger, strange)
    expect(strange.read()).toBeUndefined()
    const operator = await other.identifyOperator(token, FROM)
    expect(operator).toEqual({ actor: { user: 'operator', key: token.slice(0, token.indexOf('.')), ...FROM } })
    expect(await other.identifyByAccessKey(token.slice(0, token.indexOf('.')), FROM)).toBeUndefined()
    for (const wrong of [
      `${token}x`,
      token.slice(0, -1),
      token.replace('.', ''),
      '',
      '.',
      `${ann.key.accessKeyId}.${ann.key.secretAccessKey}`,
    ])
      expect(await other.identifyOperator(wrong, FROM)).toBeUndefined()
    expect((await operations.listKeys(OPERATOR)).map((key) => key.accessKeyId)).not.toContain(operator?.actor.key)
  })

  it('drawn before a crash is the one that counts afterwards', async () => {
    const fresh = await startGateways(redis, { pool: 'none' })
    const kept = file()
    kept.write('op-0123456789ab.secret-of-before')
    await bootstrapOperator(fresh.first.context, kept)
    expect(await fresh.second.operations.identifyOperator('op-0123456789ab.secret-of-before', FROM)).toBeDefined()
    await fresh.close()
  })
})
