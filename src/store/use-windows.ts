/** What hosts and machines use, as the store keeps it: part of `Store`. */
import type { Flow } from '../model/accounts'
import type { HostId } from '../model/ids'
import type { HostWindow, Point, Reached, Subject, Window } from '../model/usage'

export interface UseWindows {
  /** What a host and its machines use, told by no event; `flows` are added to the month's. False: another look was written since `former` was read. */
  keepUsage(
    host: HostId,
    former: HostWindow | null,
    window: HostWindow,
    points: readonly Reached[],
    flows?: readonly Flow[],
  ): Promise<boolean>
  /** In the order asked; null for a host that did not answer for a day. `hosts`: without their machines. */
  readUsage(hosts: readonly HostId[], what: 'hosts' | 'machines'): Promise<readonly (HostWindow | null)[]>
  /** Means of the last hour or day, oldest first. */
  usagePoints(subject: Subject, window: Window, now: number): Promise<readonly Point[]>
}
