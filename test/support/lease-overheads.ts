import type { Overheads } from '../../workers/scheduler/leases'

/** Haizea's defaults. */
export const DEFAULT_OVERHEADS: Overheads = {
  bootSeconds: 0,
  shutdownSeconds: 0,
  suspendMibPerSecond: 32,
  resumeMibPerSecond: 32,
  commandSeconds: 0,
  checkpoints: 'local',
  moveMibPerSecond: null,
  imageMibPerSecond: null,
}
