/** A record as the store makes it from a Create: revision 1, claimed by nobody. */
import { NO_EPOCH } from '../model/epoch'
import type { Kind } from '../model/ids'
import { type RecordOf, SCHEMA } from '../model/records'
import type { Create } from '../store/store'

/** The caller built `create.wish` by the kind's own type, so the record has its shape. */
export const created = <K extends Kind>(kind: K, create: Create): RecordOf[K] =>
  ({
    kind,
    id: create.ref.id,
    project: create.project,
    rev: 1,
    generation: 1,
    epoch: NO_EPOCH,
    wakes: create.wake ? 1 : 0,
    phase: 0,
    schema: SCHEMA,
    wish: create.wish,
    seen: create.seen,
    journal: create.journal,
    place: create.place,
  }) as unknown as RecordOf[K]
