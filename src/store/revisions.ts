/**
 * The revisions of scopes in Redis, asked for by many at once.
 *
 * All who ask in one turn of the event loop are asked for together, and one question is under way at a time: who asks meanwhile is
 * answered by the next one. Either begins after they asked, so what they learn is as fresh as if they had asked alone, and fifty
 * requests that come at once cost one round trip.
 */
import type { ProjectId } from '../model/ids'
import { SHARED_SCOPE } from './mirror-copy'

/** Scopes and their revisions in Redis, `*` first. */
export type Revisions = readonly (readonly [scope: string, revision: number])[]

interface Asked {
  readonly scopes: readonly string[]
  readonly answer: (revisions: ReadonlyMap<string, number>) => void
  readonly fail: (thrown: unknown) => void
}

export interface RevisionReader {
  /** Faults: 'unavailable'. */
  read(projects: readonly ProjectId[]): Promise<Revisions>
}

/** `readRevisions` asks Redis for all of these scopes. */
export function openRevisionReader(
  readRevisions: (scopes: ReadonlySet<string>) => Promise<ReadonlyMap<string, number>>,
): RevisionReader {
  let waiting: Asked[] = []
  let isAsking = false

  async function ask(): Promise<void> {
    while (waiting.length > 0) {
      const asked = waiting
      waiting = []
      try {
        const revisions = await readRevisions(new Set(asked.flatMap(({ scopes }) => scopes)))
        for (const { answer } of asked) answer(revisions)
      } catch (thrown) {
        // Those who came meanwhile would only wait as long once more.
        for (const { fail } of [...asked, ...waiting.splice(0)]) fail(thrown)
      }
    }
    isAsking = false
  }

  return {
    read(projects) {
      const scopes = [SHARED_SCOPE, ...projects]
      return new Promise<Revisions>((resolve, reject) => {
        const answer = (all: ReadonlyMap<string, number>) =>
          resolve(scopes.map((scope) => [scope, all.get(scope) ?? 0] as const))
        waiting.push({ scopes, answer, fail: reject })
        if (isAsking) return
        isAsking = true
        setImmediate(() => void ask())
      })
    },
  }
}
