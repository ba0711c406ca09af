/** An intent for tests: the disk of the usual compute record, first attempt, outcome unknown. */
import type { Intent } from '../../../src/model/records'
import { HOST } from '../../support/compute-record'

export const NAME = 'i-00000000000000001'
export const ID = '11111111-2222-4333-8444-555555555555'

export const intentOf = (parts: Partial<Intent> = {}): Intent => ({
  key: `${ID}/${parts.step ?? 'disk'}/${parts.direction ?? 'up'}/${parts.attempt ?? 1}`,
  step: 'disk',
  direction: 'up',
  attempt: 1,
  host: HOST,
  at: 1000,
  outcome: 'open',
  item: `${NAME}-root`,
  levels: { starts: 1, boots: 0, resets: 0 },
  boot: 'boot-1',
  ...parts,
})
