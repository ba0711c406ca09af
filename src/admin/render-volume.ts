/** Volumes as the admin API shows them. */
import { ec2VolumeState, placeOfVolume, storageMessage, survivesItsHost } from '../model/storage'
import type { StorageView } from '../operations/storage/operations'
import { isoTime } from './render-time'

export const showVolume = ({ record, attachment }: StorageView, project: string) => {
  const { id, wish, seen, place, journal } = record
  return {
    id,
    name: wish.name,
    project,
    title: wish.title,
    state: ec2VolumeState(record, attachment),
    message: storageMessage(record),
    sizeGiB: wish.sizeGiB,
    seenGiB: seen.sizeGiB,
    zone: place.zone ?? wish.zone,
    host: place.hostName,
    simulated: place.simulated,
    /** null: it is nowhere yet. */
    survivesHost: placeOfVolume(record).host === null ? null : survivesItsHost(placeOfVolume(record)),
    pool: seen.pool ?? null,
    attachedTo: attachment === undefined ? null : { name: attachment.holder.computeName, state: attachment.state },
    snapshot: wish.source?.snapshot ?? null,
    stuck: journal.stuck === null ? null : { since: isoTime(journal.stuck.since), message: journal.stuck.message },
    createdAt: isoTime(wish.createdAt),
  }
}

/** Those that their host refuses or has lost, as the list of what is stuck shows them. */
export const showStuckVolume = (view: StorageView, project: string) => {
  const shown = showVolume(view, project)
  return { ...shown, what: 'stuck', since: shown.stuck?.since ?? null, message: shown.stuck?.message ?? null }
}
