/** Writing what a host job's list call saw: scripts/sight.lua. */
import { integer } from './reply'
import { encode, listed, loadScript, runScript, type Site } from './script'
import type { Finding } from './store'

const script = loadScript('sight')

/** How many were written; those whose record moved since it was read are woken. */
export async function sight(site: Site, findings: readonly Finding[], now: number): Promise<number> {
  if (findings.length === 0) return 0
  const args = [
    now,
    ...listed(findings, (f) => [
      ...[f.ref.kind, f.ref.id, f.epoch.era, f.epoch.number, f.rev],
      ...[encode(f.seen), f.raisePhase, f.wake],
    ]),
  ]
  return integer(await runScript(site, script, args))
}
