/**
 * xendomains: Xen's own script that runs when the host stops and starts. As it is installed it saves the memory of every domain and
 * restores it at the next start, ours too, and a file that it could not restore stays: restored later, after the machine ran on
 * without it, it writes an old state over the machine's disks. Facts: tools/hotplug/Linux/xendomains.in of Xen.
 */
import type { HostFinding } from '../../../driver'
import type { Facts } from './facts'
import { finding } from './finding'

const WHAT = 'xendomains'

export function xendomains(facts: Facts): HostFinding {
  const config = facts.one('xendomains')
  if (config === null) return finding(WHAT, 'ok', 'it is not there')
  const ours = leftovers(facts)
  if (ours) return ours
  if (!facts.has('xendomains-starts', 'yes')) return finding(WHAT, 'ok', 'it is not started with the host')
  const setting = (name: string): string => facts.one(`xendomains-${name}`) ?? ''
  const all = setting('AUTO_ONLY') !== 'true'
  const does = [
    ...(all && setting('SAVE') !== '' ? [`saves all machines to ${setting('SAVE')} when the host stops`] : []),
    ...(setting('SAVE') !== '' && setting('RESTORE') === 'true'
      ? ['restores what lies there when it starts, over disks that have changed since']
      : []),
    ...(all && setting('MIGRATE') !== '' ? [`moves all machines (${setting('MIGRATE')}) when the host stops`] : []),
  ]
  if (does.length === 0) return finding(WHAT, 'ok', 'it saves, restores and moves nothing of ours')
  const mend = `sed -i 's/^ *XENDOMAINS_\\(SAVE\\|MIGRATE\\)=.*/XENDOMAINS_\\1=/; s/^ *XENDOMAINS_RESTORE=.*/XENDOMAINS_RESTORE=false/' ${config}`
  return finding(WHAT, 'missing', `it ${does.join(', and ')}`, mend)
}

/** Files of machines of ours, whether it is started or not: it may be later. */
function leftovers(facts: Facts): HostFinding | null {
  const files = facts.all('xendomains-left')
  if (files.length === 0) return null
  const detail = `it would start machines of this gateway a second time, or from a memory that is old: ${files.join(', ')}`
  return finding(WHAT, 'missing', detail, `rm ${files.join(' ')}`)
}
