import type { ProjectId } from '../../../src/model/ids'
import { openShares } from '../../../workers/reconcile/shares'

const [ANN, BOB] = ['ann' as ProjectId, 'bob' as ProjectId]

test('one project has its share, others theirs, and the site what it needs', () => {
  const shares = openShares({ console: 2 })
  const [first, second] = [shares.take('console', ANN), shares.take('console', ANN)]
  expect([first, second].every(Boolean)).toBe(true)
  expect(shares.take('console', ANN)).toBeUndefined()
  for (const project of [BOB, BOB, null, null, null]) expect(shares.take('console', project)).toBeDefined()
  expect(shares.take('console', BOB)).toBeUndefined()
  for (let jobs = 0; jobs < 5; jobs++) expect(shares.take('imageimport', ANN)).toBeDefined()
  second?.release()
  expect(shares.take('console', ANN)).toBeDefined()
  expect(shares.take('console', ANN)).toBeUndefined()
})

test('hosts that are silent have one share together, those that answer what they need', () => {
  const shares = openShares({ host: 1 })
  const silent = shares.take('host', 'silent')
  expect(shares.take('host', 'silent')).toBeUndefined()
  for (let jobs = 0; jobs < 5; jobs++) expect(shares.take('host', null)).toBeDefined()
  silent?.release()
  expect(shares.take('host', 'silent')).toBeDefined()
})

test('who has a place learns that another waits, until that one has come', () => {
  const shares = openShares({ imageimport: 1 })
  const first = shares.take('imageimport', ANN)
  expect(first?.isAwaited()).toBe(false)
  shares.take('imageimport', ANN)
  expect(first?.isAwaited()).toBe(true)
  first?.release()
  const next = shares.take('imageimport', ANN)
  expect(next?.isAwaited()).toBe(false)
})
