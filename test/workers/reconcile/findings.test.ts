import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeSeen } from '../../../src/model/records'
import { findings, lostContact } from '../../../workers/reconcile/findings'
import { computeRecord, HOST, placed, sighting } from '../../support/compute-record'
import { NAME } from './intent-of'

const on = { host: HOST, boot: 'boot-1' }
const running: Partial<ComputeSeen> = {
  host: HOST,
  machine: sighting('running'),
  hostBoot: 'boot-1',
  starts: 1,
  startedAt: 1,
}
const record = (seen: Partial<ComputeSeen> = running) => computeRecord({ rev: 7, seen, place: placed })
const listed = (...machines: MachineSighting[]) => new Map(machines.map((machine) => [machine.name, machine]))

test('nothing is written where nothing differs', () => {
  expect(findings([record()], listed(sighting('running')), on, 99)).toEqual([])
})

test('a guest that stopped by itself is written down, and nobody is woken for it', () => {
  const [found] = findings([record()], listed(sighting('off')), on, 99)
  expect(found).toMatchObject({ rev: 7, raisePhase: true, wake: false, seen: { stoppedAt: 99, starts: 1 } })
})

test('one that went down with its host is woken', () => {
  const [found] = findings([record()], listed(sighting('off')), { ...on, boot: 'boot-2' }, 99)
  expect(found).toMatchObject({ wake: true, seen: { starts: 0 } })
})

test('one that the list does not show has nothing there', () => {
  const [found] = findings([record()], listed(), on, 99)
  expect(found).toMatchObject({ wake: true, seen: { host: null, machine: { name: NAME, domain: 'absent' } } })
})

test('contact that is back is a difference', () => {
  const [found] = findings([record({ ...running, contact: 'lost' })], listed(sighting('running')), on, 99)
  expect(found).toMatchObject({ raisePhase: true, wake: false, seen: { contact: 'ok' } })
})

test('a lost host: each machine once, nothing guessed, nobody woken', () => {
  const [found, ...more] = lostContact([record(), record({ ...running, contact: 'lost' })])
  expect(more).toEqual([])
  expect(found).toMatchObject({
    wake: false,
    raisePhase: true,
    seen: { contact: 'lost', machine: { domain: 'running' } },
  })
})
