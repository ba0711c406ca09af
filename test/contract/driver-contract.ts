/**
 * What every driver has to do, as a function: each driver runs all of it and names what it lacks, with the reason. A capability
 * that is lacked is tested too: it has to be refused as 'unsupported' before anything happens.
 */
import { adoptionCases } from './driver/adoption'
import { type Lack, openBench, type Stage } from './driver/bench'
import { detachedCases } from './driver/detached'
import { diskCases } from './driver/disks'
import { guardCases } from './driver/guard'
import { lackCases } from './driver/lacks'
import { lookCases } from './driver/looks'
import { machineCases } from './driver/machines'
import { moveCases } from './driver/moves'
import { networkCases } from './driver/networks'
import { powerCases } from './driver/power'
import { sizeCases } from './driver/sizes'
import { volumeCases } from './driver/volumes'
import { watchCases } from './driver/watch'
import { wholeCases } from './driver/whole'

export interface DriverContract {
  readonly name: string
  /** Two hosts that nobody else uses, and the means to break answers and slow copies where the driver's host has them. */
  readonly open: () => Promise<Stage>
  readonly lacks: readonly Lack[]
  /** A provider: machines are made and ended by one call each, nothing of them is made before or stays behind, and nobody guards them. */
  readonly whole?: { readonly because: string }
}

/** What there is of a host of one's own only. */
const PARTS = [
  'disks',
  'networks',
  'definitions',
  'domains of others',
  'sizes',
  'moves',
  'guard',
  'its watch',
  'detached work',
] as const

/** Declares the whole contract for one driver. */
export function driverContract({ name, open, lacks, whole }: DriverContract): void {
  describe(`driver contract: ${name}`, () => {
    const bench = openBench(open, lacks)
    describe('what it lacks', () => lackCases(bench, lacks))
    describe('looks', () => lookCases(bench))
    if (whole) {
      describe('machines that are made whole', () => wholeCases(bench))
      describe('power', () => powerCases(bench))
      describe('volumes', () => volumeCases(bench))
      // At such a host these parts are not our business; its reason is in the name.
      for (const part of PARTS) test.skip(`${part} (${whole.because})`, () => undefined)
      return
    }
    describe('disks', () => diskCases(bench))
    describe('networks', () => networkCases(bench))
    describe('machines', () => machineCases(bench))
    describe('domains of others', () => adoptionCases(bench))
    describe('power', () => powerCases(bench))
    describe('sizes', () => sizeCases(bench))
    describe('moves', () => moveCases(bench))
    describe('guard', () => guardCases(bench))
    describe('its watch', () => watchCases(bench))
    describe('detached work', () => detachedCases(bench))
  })
}
