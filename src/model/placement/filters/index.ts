import { answers } from './answers'
import { apartFromGroup } from './apart-from-group'
import { besideItsDisks } from './beside-its-disks'
import { bootsItsMode } from './boots-its-mode'
import { comesAlone } from './comes-alone'
import { enoughCpu } from './enough-cpu'
import { enoughDisk } from './enough-disk'
import { enoughMemory } from './enough-memory'
import type { Filter } from './filter'
import { filtersTraffic } from './filters-traffic'
import { hangsVolumes } from './hangs-volumes'
import { hasImage } from './has-image'
import { hasWhatItNames } from './has-what-it-names'
import { inItsRegions } from './in-its-regions'
import { inItsReservation } from './in-its-reservation'
import { inPartition } from './in-partition'
import { inZone } from './in-zone'
import { isEnabled } from './is-enabled'
import { keepsReservations } from './keeps-reservations'
import { largeEnoughType } from './large-enough-type'
import { mayLeave } from './may-leave'
import { meetsRequirements } from './meets-requirements'
import { notAvoided } from './not-avoided'
import { notRetired } from './not-retired'
import { ofOneProject } from './of-one-project'
import { onItsStorage } from './on-its-storage'
import { onNamedHost } from './on-named-host'
import { publishesAddresses } from './publishes-addresses'
import { roomForGroup } from './room-for-group'
import { typeLeft } from './type-left'
import { waitedEnough } from './waited-enough'
import { withAddress } from './with-address'
import { withGroup } from './with-group'
import { withVolumes } from './with-volumes'
import { withinBudget } from './within-budget'

/** What does not depend on the machine. */
export const HOST_FILTERS: readonly Filter[] = [isEnabled, notRetired, answers]

/** What a machine's group says: whoever plans asks these for machines in groups alone. */
export const GROUP_FILTERS: readonly Filter[] = [apartFromGroup, withGroup, inPartition, roomForGroup]
/** What providers ask beside; every host of the site's own passes them. */
const PROVIDER_FILTERS: readonly Filter[] = [
  mayLeave,
  inItsRegions,
  hasWhatItNames,
  hasImage,
  comesAlone,
  hangsVolumes,
  largeEnoughType,
  waitedEnough,
  typeLeft,
  withinBudget,
]

/** Whether there is room, in figures. */
export const ROOM_FILTERS: readonly Filter[] = [enoughCpu, enoughMemory, enoughDisk]

/** All, in the order in which a refusal is counted: a host is counted once, for the first that refuses. */
export const FILTERS: readonly Filter[] = [
  ...HOST_FILTERS,
  inZone,
  onNamedHost,
  besideItsDisks,
  withVolumes,
  withAddress,
  onItsStorage,
  filtersTraffic,
  publishesAddresses,
  bootsItsMode,
  notAvoided,
  ofOneProject,
  meetsRequirements,
  ...GROUP_FILTERS,
  ...PROVIDER_FILTERS,
  inItsReservation,
  ...ROOM_FILTERS,
  keepsReservations,
]
