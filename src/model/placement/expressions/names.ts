/**
 * What hosts' attributes are called in expressions: OpenNebula's names of today, its older ones, and its paths; in any case, as
 * labels are too.
 */
const OLDER: Readonly<Record<string, string>> = {
  HOSTNAME: 'NAME',
  TOTALCPU: 'TOTAL_CPU',
  TOTALMEMORY: 'TOTAL_MEM',
  TOTAL_MEMORY: 'TOTAL_MEM',
  USEDCPU: 'USED_CPU',
  USEDMEMORY: 'USED_MEMORY',
  FREECPU: 'FREE_CPU',
  FREEMEMORY: 'FREE_MEMORY',
}
const MACHINES = 'CURRENT_VMS'
/** `/HOST/…` as OpenNebula's documents have them: the last part is the attribute's name. */
const PATH = /^\/HOST\/(?:TEMPLATE\/|HOST_SHARE\/|MONITORING\/(?:CAPACITY\/)?|CLUSTER_TEMPLATE\/)?([^/]+)$/

/** The one name that an attribute is kept under. */
export function canonicalName(name: string): string {
  const upper = name.toUpperCase()
  if (upper === '/HOST/VMS/ID') return MACHINES
  const short = PATH.exec(upper)?.[1] ?? upper
  return OLDER[short] ?? short
}

/** The pseudo-attribute that lists the machines of a host. */
export const isMachineList = (name: string): boolean => name === MACHINES
