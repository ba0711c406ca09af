import type { AnyRecord } from '../model/records'
import type { Hold } from '../store/store'

/** The change is refused as moved if the wish of this record is another one by then. */
export const held = ({ kind, id, generation }: AnyRecord): Hold => ({ ref: { kind, id }, generation })
