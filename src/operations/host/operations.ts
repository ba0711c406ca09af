/** What operators do with real hosts beside listing them: part of `Operations`. */
import type { HostCheckRecord, HostRecord } from '../../model/records'
import type { Operator } from '../context'

export interface HostCheckOrder {
  readonly name: string
  readonly driver: string
  readonly address: string
  /** Pinned ssh host keys; none: the host's own are told. */
  readonly hostKeys?: readonly string[]
  /** looks: nothing on the host is changed. */
  readonly how: 'looks' | 'mends'
  /** It is to join in place of the simulated hosts: else one that mends is refused beside them. */
  readonly retireSimulated?: boolean
}

/** `100`, `10%`, or less than nothing, of cores (hundredths) and memory (MiB); null takes it away. */
export interface KeepsChange {
  readonly cpu?: string | null
  readonly memory?: string | null
}

export interface HostChange {
  readonly zone?: string
  /** null takes one off. */
  readonly labels?: Readonly<Record<string, string | null>>
  /** Kept back of it; null: its zone says. */
  readonly keeps?: KeepsChange
  /** null takes it away. */
  readonly command?: readonly string[] | null
  readonly commandMs?: number | null
  readonly selfMs?: number | null
}

export interface HostOperations {
  /** A worker looks at it; what it found comes with `hostCheck`. Faults: 'invalid', 'conflict', 'unavailable'. */
  checkHost(operator: Operator, order: HostCheckOrder): Promise<HostCheckRecord>
  /** Its `seen` is null until a worker has looked. Fault: 'not-found'. */
  hostCheck(operator: Operator, id: string): Promise<HostCheckRecord>
  /** Faults: 'not-found', 'invalid', 'conflict', 'unavailable'. */
  setHost(operator: Operator, name: string, change: HostChange): Promise<HostRecord>
  /** Of every host of a zone, as far as the host itself does not say. Faults: 'not-found', 'invalid', 'unsupported' (memory that cannot be given twice). */
  reserveOfZone(operator: Operator, zone: string, keeps: KeepsChange): Promise<readonly HostRecord[]>
  /** Pins what a check of it showed. Faults: 'not-found', 'state' (the check is of another host, or not through). */
  trustHost(operator: Operator, name: string, check: string): Promise<HostRecord>
  /** Faults: 'not-found', 'state' while it answers, 'missing' without a command. */
  fenceHost(operator: Operator, name: string, how: 'confirmed' | 'command'): Promise<HostRecord>
  /** It is gone for good: its record goes, whatever is left there. Faults: 'not-found', 'in-use', 'state' unless it was fenced. */
  forgetHost(operator: Operator, name: string): Promise<void>
}
