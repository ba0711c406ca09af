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
import { watchCases } from './driver/watch'

export interface DriverContract {
  readonly name: string
  /** Two hosts that nobody else uses, and the means to break answers and slow copies where the driver's host has them. */
  readonly open: () => Promise<Stage>
  readonly lacks: readonly Lack[]
}

/** Declares the whole contract for one driver. */
export function driverContract({ name, open, lacks }: DriverContract): void {
  describe(`driver contract: ${name}`, () => {
    const bench = openBench(open, lacks)
    describe('what it lacks', () => lackCases(bench, lacks))
    describe('looks', () => lookCases(bench))
    describe('disks', () => diskCases(bench))
    describe('networks', () => networkCases(bench))
    describe('machines', () => machineCases(bench))
    describe('domains of others', () => adoptionCases(bench))
    describe('power', () => powerCases(bench))
    describe('moves', () => moveCases(bench))
    describe('guard', () => guardCases(bench))
    describe('its watch', () => watchCases(bench))
    describe('detached work', () => detachedCases(bench))
  })
}
