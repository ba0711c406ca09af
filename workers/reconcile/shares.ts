/**
 * How many jobs of a kind a process works on for one project at a time, or for all hosts together that were silent at the last look, where
 * such a job may take long and there are few places for them: the others' do not wait behind all of these. Of the process alone, so
 * nothing of it is left by one that dies.
 */
import type { Kind, ProjectId } from '../../src/model/ids'

/** Whose share a place is of. */
export type Sharer = ProjectId | 'silent'

export interface Shares {
  /** A place; undefined: all of this share is taken. What is of none (the site's own, a host that answers) always gets one. */
  take(kind: Kind, sharer: Sharer | null): Place | undefined
}

export interface Place {
  /** Whether another job of the same share found none since: who can go on later lets it have this one. */
  isAwaited(): boolean
  release(): void
}

const FREE: Place = { isAwaited: () => false, release: () => undefined }

/** Kinds that are not named are not shared out. */
export function openShares(most: Readonly<Partial<Record<Kind, number>>>): Shares {
  const taken = new Map<string, { places: number; awaited: boolean }>()
  return {
    take(kind, sharer) {
      const share = most[kind]
      if (share === undefined || sharer === null) return FREE
      const key = `${kind} ${sharer}`
      const its = taken.get(key) ?? { places: 0, awaited: false }
      if (its.places >= share) {
        its.awaited = true
        return undefined
      }
      taken.set(key, its)
      its.places += 1
      its.awaited = false
      return {
        isAwaited: () => its.awaited,
        release() {
          its.places -= 1
          if (its.places === 0) taken.delete(key)
        },
      }
    },
  }
}
