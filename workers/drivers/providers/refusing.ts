/** The part of the driver interface that no provider has: every call is refused before anything happens. */
import type { Verb } from '../../../src/model/machine'
import type { Driver } from '../driver'
import { lacking } from './lacking'

const refuse = (verb: Verb) => (): Promise<never> => Promise.reject(lacking(verb))

/** Disks and networks come and go with the machine; nothing detached is ours to end. */
export const REFUSING: Pick<Driver, 'disk' | 'network' | 'save' | 'move' | 'cancel'> = {
  disk: {
    ensure: refuse('attach-disk'),
    // A machine that was elsewhere before has none here.
    remove: async () => ({ state: 'done', value: null }),
    attach: refuse('attach-disk'),
    detach: refuse('detach-disk'),
    grow: refuse('grow-disk'),
    snapshot: refuse('snapshot-disk'),
  },
  network: {
    ensure: refuse('attach-network'),
    remove: async () => ({ state: 'done', value: null }),
    attach: refuse('attach-network'),
    detach: refuse('detach-network'),
    rules: refuse('rules'),
    publish: refuse('addresses'),
  },
  save: refuse('suspend'),
  move: refuse('move-cold'),
  cancel: async () => ({ state: 'done', value: null }),
}
