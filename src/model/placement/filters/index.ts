import { answers } from './answers'
import { besideItsDisks } from './beside-its-disks'
import { enoughCpu } from './enough-cpu'
import { enoughDisk } from './enough-disk'
import { enoughMemory } from './enough-memory'
import type { Filter } from './filter'
import { filtersTraffic } from './filters-traffic'
import { inItsReservation } from './in-its-reservation'
import { inZone } from './in-zone'
import { isEnabled } from './is-enabled'
import { keepsReservations } from './keeps-reservations'
import { meetsRequirements } from './meets-requirements'
import { notAvoided } from './not-avoided'
import { notRetired } from './not-retired'
import { onItsStorage } from './on-its-storage'
import { publishesAddresses } from './publishes-addresses'
import { withVolumes } from './with-volumes'

/** What does not depend on the machine. */
export const HOST_FILTERS: readonly Filter[] = [isEnabled, notRetired, answers]

/** Whether there is room, in figures. */
export const ROOM_FILTERS: readonly Filter[] = [enoughCpu, enoughMemory, enoughDisk]

/** All, in the order in which a refusal is counted: a host is counted once, for the first that refuses. */
export const FILTERS: readonly Filter[] = [
  ...HOST_FILTERS,
  inZone,
  besideItsDisks,
  withVolumes,
  onItsStorage,
  filtersTraffic,
  publishesAddresses,
  notAvoided,
  meetsRequirements,
  inItsReservation,
  ...ROOM_FILTERS,
  keepsReservations,
]
