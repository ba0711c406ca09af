/** The OCCI front over real operations and a Redis of the file's own, fresh for each test, with two projects. */
import type { Caller } from '../../src/operations/context'
import { xmlOf } from './ec2-call'
import { type Gateways, startGateways } from './gateways'
import { type Ask, frontOver } from './occi-app'
import { startRedis, type TestRedis } from './redis'

export interface OcciSite {
  readonly site: Gateways
  readonly ann: Caller
  readonly ask: Ask
  /** The answer to an EC2 action of ann's. */
  ec2(action: string, parameters?: Record<string, string>): ReturnType<typeof xmlOf>
}

/** Declares the hooks: two hosts of four cores in each of the four zones. What it returns is there while a test runs. */
export function useOcciSite(): OcciSite {
  let redis: TestRedis
  let site: Gateways
  let ann: Caller
  let ask: Ask
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  beforeEach(async () => {
    site = await startGateways(redis)
    await site.probeHosts({ cpuHundredths: 400, memoryMiB: 65_536, diskGiB: 1000 })
    ann = (await site.project('ann')).caller
    ask = frontOver(site.first.operations, { ann, bob: (await site.project('bob')).caller }).ask
  })
  afterEach(() => site.close())
  return {
    ec2: (action, parameters = {}) => xmlOf(action, parameters, { operations: site.first.operations, caller: ann }),
    get site() {
      return site
    },
    get ann() {
      return ann
    },
    get ask() {
      return ask
    },
  }
}
