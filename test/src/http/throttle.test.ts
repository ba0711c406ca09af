/** Too many requests of one project: each front says so in its own words, and nobody else is kept waiting. */
import { sign } from 'aws4'
import type { Request, Response } from 'express'
import { asFault } from '../../../src/faults'
import { throttle } from '../../../src/http/throttle'
import type { NewProject } from '../../../src/operations/projects'
import { texts } from '../../support/ec2-call'
import { basicOf, startApp, type TestApp } from '../../support/http'
import { startRedis, type TestRedis } from '../../support/redis'

describe('the bucket of a project', () => {
  let now = 1_000
  const limit = (perSecond: number) => {
    const handler = throttle({ perSecond, clock: { now: () => now } })
    return (project: string | undefined): string => {
      let outcome = 'nothing'
      const req = (project === undefined ? {} : { user: { project } }) as Request
      try {
        handler(req, {} as Response, () => {
          outcome = 'taken'
        })
      } catch (thrown) {
        outcome = asFault(thrown).kind
      }
      return outcome
    }
  }
  const times = (count: number, ask: () => string) => Array.from({ length: count }, ask)

  test('takes a burst of two seconds’ worth, then what fills again', () => {
    const ask = limit(10)
    expect(times(20, () => ask('a'))).toEqual(times(20, () => 'taken'))
    expect(ask('a')).toBe('throttled')
    now += 100
    expect([ask('a'), ask('a')]).toEqual(['taken', 'throttled'])
    now += 60_000
    expect(times(21, () => ask('a')).filter((outcome) => outcome === 'taken')).toHaveLength(20)
  })

  test('is its own, and a clock that was put back neither fills nor empties it', () => {
    const ask = limit(1)
    expect([ask('a'), ask('a'), ask('a'), ask('b')]).toEqual(['taken', 'taken', 'throttled', 'taken'])
    now -= 10_000
    expect(ask('a')).toBe('throttled')
    now += 1_000
    expect([ask('a'), ask('a')]).toEqual(['taken', 'throttled'])
  })

  test('0 is no limit, and who is nobody’s has no bucket', () => {
    expect(times(1000, () => limit(0)('a')).every((outcome) => outcome === 'taken')).toBe(true)
    const ask = limit(1)
    expect(times(9, () => ask(undefined)).every((outcome) => outcome === 'taken')).toBe(true)
  })
})

describe('on the wire', () => {
  let redis: TestRedis
  let app: TestApp
  let ann: NewProject
  let bob: NewProject

  beforeAll(async () => {
    redis = await startRedis()
    app = await startApp(redis, (inner) => inner, { requestsPerSecond: 2 })
    ann = await app.site.project('ann')
    bob = await app.site.project('bob')
    app.site.clock.at = Date.now()
  })
  afterAll(async () => {
    await app.close()
    await redis.stop()
  })

  const ec2 = async ({ key }: NewProject, body: string) => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const host = `127.0.0.1:${app.port}`
    const { headers } = sign({ host, method: 'POST', path: '/', service: 'ec2', region: 'x', body, headers: type }, key)
    const sent = Object.entries(headers).filter(([name]) => name !== 'Host' && name !== 'Content-Length')
    const answer = await fetch(`${app.url}/`, {
      method: 'POST',
      headers: sent.map(([name, value]): [string, string] => [name, String(value)]),
      body,
    })
    return { status: answer.status, retry: answer.headers.get('retry-after'), code: texts(await answer.text(), 'Code') }
  }
  const occi = async ({ password }: NewProject) => {
    const answer = await fetch(`${app.url}/compute/`, { headers: basicOf('ann', password) })
    return [answer.status, answer.headers.get('retry-after'), await answer.text()]
  }
  const regions = 'Action=DescribeRegions&Version=2016-11-15'

  test('EC2, STS and OCCI tell it; one bucket for all fronts; nobody else has it', async () => {
    for (let asked = 0; asked < 4; asked += 1) expect((await ec2(ann, regions)).status).toBe(200)
    expect(await ec2(ann, regions)).toEqual({ status: 503, retry: '1', code: ['RequestLimitExceeded'] })
    const sts = await ec2(ann, 'Action=GetCallerIdentity&Version=2011-06-15')
    expect([sts.status, ...sts.code]).toEqual([400, 'Throttling'])
    expect(await occi(ann)).toEqual([429, '1', expect.stringContaining('2 requests a second')])
    expect((await ec2(bob, regions)).status).toBe(200)
    app.site.clock.at += 1000
    expect((await ec2(ann, regions)).status).toBe(200)
    expect((await occi(ann))[0]).toBe(200)
  })

  test('it is no failure of the gateway in the log', () => {
    const refused = app.logged.lines().filter((line) => line.status === 503)
    expect(refused.map(({ level }) => level)).toEqual([30])
  })
})
