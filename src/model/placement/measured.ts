/** From the window that a host job keeps to what expressions may ask of it. */
import type { HostWindow } from '../usage'
import type { HostTraits } from './demand'

/** null: it does not tell, or was not looked at twice yet. */
export function measuredIn(window: HostWindow | null | undefined): HostTraits['measured'] {
  if (!window?.host) return null
  const { cpuCores, freeMemoryMiB } = window.host.rates
  return { cpuHundredths: cpuCores === null ? null : Math.round(cpuCores * 100), freeMemoryMiB }
}
