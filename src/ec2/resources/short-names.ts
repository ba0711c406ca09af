import { fault } from '../../faults'
import { isShortName, SHORT_PREFIXES, type ShortKind } from '../../model/ids'
import { shorten } from '../codec'

/** Faults: 'malformed' for the first that has not the form of such an id. */
export function checkShortNames(kind: ShortKind, ids: readonly string[] | undefined, field: string): void {
  for (const id of ids ?? [])
    if (!isShortName(kind, id))
      throw fault('malformed', `Invalid id: "${shorten(id)}" (expecting "${SHORT_PREFIXES[kind]}-...")`, {
        field,
        subject: { kind, id: shorten(id) },
      })
}
