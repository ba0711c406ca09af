import type { SnapshotTarget } from '../../operations/storage/snapshots/operations'
import type { Volume } from './volumes'

/** A volume, or a disk of a machine's own, as the operations on snapshots name it. */
export const targetOf = (volume: Volume): SnapshotTarget =>
  volume.is === 'volume'
    ? { kind: 'storage', id: volume.record.id }
    : { kind: 'root', id: volume.compute.id, disk: volume.disk.name }
