/** What `npm run live:ec2` decides before it asks anything, and how it cleans up. The whole of it: test/contract/live-ec2.test.ts. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Fault, fault } from '../../src/faults'
import type { HostListing } from '../../workers/drivers/driver'
import { clean } from '../live/ec2/clean'
import { HOURLY, MOST_USD } from '../live/ec2/cost'
import { priceTrouble } from '../live/ec2/image-price'
import { planLines } from '../live/ec2/plan'
import { type Environment, type LiveSettings, readSettings, VARIABLES } from '../live/ec2/settings'
import { openStage } from '../live/ec2/stage'
import { through } from '../live/ec2/through'

const ENV: Environment = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'never/told+anywhere',
  LIVE_EC2_REGION: 'eu-west-1',
  LIVE_EC2_IMAGE: 'ami-0123456789abcdef0',
  LIVE_EC2_MOST_USD: '0.50',
}
const NEEDED = Object.keys(ENV)

const settingsOf = (env: Environment): LiveSettings => {
  const read = readSettings(env)
  if (!('settings' in read)) throw new Error(read.problems.join('; '))
  return read.settings
}

describe('settings', () => {
  test('what is said, and what is taken where nothing is', () => {
    expect(settingsOf(ENV)).toEqual({
      region: 'eu-west-1',
      endpoint: 'https://ec2.eu-west-1.amazonaws.com',
      image: 'ami-0123456789abcdef0',
      type: 't3.nano',
      subnet: null,
      mostUsd: 0.5,
      account: 'AKIAEXAMPLE',
      secret: 'never/told+anywhere',
      agreed: 'no',
    })
    const more = { LIVE_EC2_TYPE: 't4g.nano', LIVE_EC2_SUBNET: 'subnet-1a', LIVE_EC2_ENDPOINT: 'http://127.0.0.1:1' }
    expect(settingsOf({ ...ENV, ...more, LIVE_EC2_AGREED: 'yes' })).toMatchObject({
      type: 't4g.nano',
      subnet: 'subnet-1a',
      endpoint: 'http://127.0.0.1:1',
      agreed: 'yes',
    })
  })

  test.each(NEEDED)('%s is named when it is missing or empty', (name) => {
    for (const value of [undefined, '']) {
      const { problems } = readSettings({ ...ENV, [name]: value })
      expect(problems).toEqual([expect.stringMatching(`^${name} is missing: `)])
    }
  })

  test('all that is missing is named at once', () => {
    expect(readSettings({}).problems.map((problem) => problem.split(' ')[0])).toEqual(NEEDED)
  })

  test('what is not in its form is named, and its value is not told', () => {
    for (const name of Object.keys(VARIABLES)) {
      const { problems } = readSettings({ ...ENV, [name]: 'no such\tvalue' })
      expect(problems).toEqual([expect.stringMatching(`^${name} is not in its form: `)])
      expect(problems.join()).not.toContain('no such')
    }
    for (const wrong of ['-1', '1e3', '0,5', 'Infinity'])
      expect(readSettings({ ...ENV, LIVE_EC2_MOST_USD: wrong }).problems).toHaveLength(1)
    expect(readSettings({ ...ENV, LIVE_EC2_TYPE: 'p5.48xlarge' }).problems).toHaveLength(1)
  })

  test('keys of a session are refused: the driver cannot sign with them', () => {
    expect(readSettings({ ...ENV, AWS_SESSION_TOKEN: 'token' }).problems).toEqual([
      expect.stringContaining('AWS_SESSION_TOKEN'),
    ])
  })
})

test('the plan names the place, the machine and the most that it can cost, and no secret', () => {
  const plan = planLines(settingsOf(ENV)).join('\n')
  for (const part of ['https://ec2.eu-west-1.amazonaws.com', 't3.nano', 'ami-0123456789abcdef0', `${MOST_USD} USD at`])
    expect(plan).toContain(part)
  for (const { what } of HOURLY) expect(plan).toContain(what)
  expect(plan).not.toContain('never/told')
  expect(MOST_USD).toBe(0.27)
})

describe('an image', () => {
  const disk = { VolumeSize: 8, VolumeType: 'gp3', Iops: 3000, DeleteOnTermination: true } as const
  const plain = { PlatformDetails: 'Linux/UNIX', ProductCodes: [], BlockDeviceMappings: [{ Ebs: disk }] }
  const withDisk = (Ebs: object) => ({ ...plain, BlockDeviceMappings: [{ Ebs: disk }, { Ebs: { ...disk, ...Ebs } }] })

  test('of a plain Linux with small disks is taken', () => {
    expect(priceTrouble(plain)).toBeUndefined()
    expect(priceTrouble(withDisk({ VolumeType: 'gp2', VolumeSize: 22 }))).toBeUndefined()
    expect(priceTrouble({ PlatformDetails: 'Linux/UNIX' })).toBeUndefined()
  })

  test.each([
    ['unknown', undefined, 'not told'],
    ['of a platform with a price', { ...plain, PlatformDetails: 'Red Hat Enterprise Linux' }, 'Red Hat'],
    ['that is sold', { ...plain, ProductCodes: [{ ProductCodeId: 'a' }] }, 'marketplace'],
    ['with a disk that stays', withDisk({ DeleteOnTermination: false }), 'stays'],
    ['with a disk of a dear kind', withDisk({ VolumeType: 'io2' }), 'dear'],
    ['with a disk of many operations', withDisk({ Iops: 3001 }), 'dear'],
    ['with large disks', withDisk({ VolumeSize: 23 }), '31 GiB'],
  ])('%s is refused', (_what, image, why) => {
    expect(priceTrouble(image)).toContain(why)
  })
})

/** Run as a person runs it; nothing answers at that endpoint. */
const live = (env: Environment) => {
  const root = join(__dirname, '..', '..')
  const register = join(root, 'test', 'support', 'swc-register.js')
  const { status, stdout } = spawnSync(process.execPath, ['-r', register, join(root, 'test/live/ec2/run.ts')], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LIVE_EC2_ENDPOINT: 'http://127.0.0.1:1', ...env },
  })
  return { status, stdout }
}

describe('it does not begin', () => {
  test('without what it has to be told', () => {
    const { status, stdout } = live({})
    expect(status).toBe(2)
    for (const name of NEEDED) expect(stdout).toContain(`${name} is missing`)
  })

  test('where it can cost more than it may, though that was agreed to', () => {
    const { status, stdout } = live({ ...ENV, LIVE_EC2_MOST_USD: '0.05', LIVE_EC2_AGREED: 'yes' })
    expect(status).toBe(2)
    expect(stdout).toMatch(/\d USD at most[\s\S]*That is over LIVE_EC2_MOST_USD: not begun\.\n$/)
  })

  test('unless somebody agrees to what it says', () => {
    const { status, stdout } = live(ENV)
    expect(status).toBe(2)
    expect(stdout).toMatch(/terminate it[\s\S]*\d USD at most[\s\S]*Say LIVE_EC2_AGREED=yes to begin\.\n$/)
    expect(stdout).not.toContain('never/told')
  })
})

describe('through', () => {
  const DONE = { state: 'done', value: 1 } as const

  test('past what leaves open whether it was done, and not past a refusal', async () => {
    const faults: Fault[] = [fault('unreachable', 'cut')]
    const order = async () => {
      const next = faults.shift()
      if (next) throw next
      return DONE
    }
    expect(await through(order, { patienceMs: 5_000 })).toBe(1)
    faults.push(fault('refused', 'no'))
    await expect(through(order, { patienceMs: 5_000 })).rejects.toMatchObject({ kind: 'refused' })
    faults.push(fault('unreachable', 'who are you', { reason: 'not-authenticated' }))
    await expect(through(order, { patienceMs: 5_000 })).rejects.toMatchObject({ message: 'who are you' })
  })

  test('no longer than there is patience, and not after it is interrupted', async () => {
    const running = async () => ({ state: 'running', percent: 0, lookAgainMs: 1 }) as const
    await expect(through(running, { patienceMs: 20 })).rejects.toMatchObject({ kind: 'timeout' })
    const control = new AbortController()
    const waiting = through(async () => ({ state: 'running', percent: 0, lookAgainMs: 60_000 }) as const, {
      patienceMs: 60_000,
      signal: control.signal,
    })
    control.abort(fault('unavailable', 'interrupted'))
    await expect(waiting).rejects.toMatchObject({ message: 'interrupted' })
  })
})

describe('clean', () => {
  const { host, definition } = openStage(settingsOf(ENV))
  const TIMES = { patienceMs: 5_000, settleMs: 5_000, everyMs: 1 }

  /** An account that shows these machines, one list after another; what is ended is not shown again. */
  const account = (...lists: readonly (readonly string[])[]) => {
    const ended: string[] = []
    let looks = 0
    const driver = {
      list: async () => {
        const shown = lists[Math.min(looks++, lists.length - 1)] ?? []
        const machines = shown.filter((name) => !ended.includes(name)).map((name) => ({ name, domain: 'running' }))
        return { machines } as unknown as HostListing
      },
      undefine: async (_host: unknown, { resource }: { readonly resource: string }) => {
        ended.push(resource)
        return { state: 'done', value: null } as const
      },
    }
    return { driver, ended, looks: () => looks }
  }

  test('ends all that is shown, and says which', async () => {
    const { driver, ended } = account(['i-one', 'i-two'])
    expect(await clean({ driver, host, definition, state: 'none' }, TIMES)).toEqual(['i-one', 'i-two'])
    expect(ended).toEqual(['i-one', 'i-two'])
  })

  test('waits for what was asked for and is not shown yet', async () => {
    const { driver, ended } = account([], [], ['i-old'], [], [definition.name])
    await clean({ driver, host, definition, state: 'making' }, TIMES)
    expect(ended).toEqual(['i-old', definition.name])
  })

  test('but not for ever, and not at all where nothing was asked for', async () => {
    const never = account([])
    expect(await clean({ ...never, host, definition, state: 'making' }, { ...TIMES, settleMs: 30 })).toEqual([])
    expect(never.looks()).toBeGreaterThan(1)
    const none = account([])
    expect(await clean({ ...none, host, definition, state: 'none' }, TIMES)).toEqual([])
    expect(none.looks()).toBe(1)
  })

  test('an account that cannot be asked is a fault, never clean', async () => {
    const list = async () => {
      throw fault('refused', 'no')
    }
    const driver = { ...account().driver, list }
    await expect(clean({ driver, host, definition, state: 'none' }, TIMES)).rejects.toMatchObject({ message: 'no' })
  })
})
