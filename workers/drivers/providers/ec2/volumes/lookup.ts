/** Volumes of ours in an account, by their tags: in pages for all at once, or those of one name. */
import type { Filter, Volume } from '@aws-sdk/client-ec2'
import type { DiskSighting } from '../../../../../src/model/machine'
import type { VolumeSighting } from '../../../driver'
import type { Call } from '../client'
import { pagesOf, whereTold } from '../lookup'
import { attemptOf, ofSiteWide, VOLUME } from '../marks'

/** What DescribeVolumes gives at once, at most (EC2 API reference: 5 to 1000). */
const PAGE = 1000

const describe = (call: Call, filters: Filter[]): Promise<readonly Volume[]> =>
  pagesOf('DescribeVolumes', async (token) => {
    const page = await call((sdk, client, abortSignal) =>
      client.send(new sdk.DescribeVolumesCommand({ Filters: filters, MaxResults: PAGE, ...token }), { abortSignal }),
    )
    return { things: page.Volumes ?? [], next: page.NextToken }
  })

const named = (name: string): Filter => ({ Name: `tag:${VOLUME}`, Values: [name] })

/** The name of ours; undefined: it bears no mark of ours. */
export const nameOf = ({ Tags = [] }: Volume): string | undefined => Tags.find(({ Key }) => Key === VOLUME)?.Value

const stateOf = ({ State }: Volume): string => State ?? ''

/** Something of it is left, or is being made. */
const isLeft = (volume: Volume): boolean => stateOf(volume) !== 'deleted'

const left = async (call: Call, filters: Filter[]): Promise<readonly Volume[]> =>
  (await describe(call, filters)).filter(isLeft)

/** Every object that bears a volume's mark, the first one made before those that came of later attempts. */
export async function volumesNamed(call: Call, site: string, name: string): Promise<readonly Volume[]> {
  const found = await left(call, [named(name), ofSiteWide(site)])
  return found.toSorted((a, b) => attemptOf(a) - attemptOf(b))
}

/** Those that hang on one instance; undefined as for all. Faults: those of the call. */
export const volumesOn = (call: Call, site: string, instance: string): Promise<readonly Volume[] | undefined> =>
  whereTold(left(call, [{ Name: 'attachment.instance-id', Values: [instance] }, ofSiteWide(site)]))

/** All of the site; undefined where they are not told. Faults: those of the call. */
export const allVolumes = (call: Call, site: string): Promise<readonly Volume[] | undefined> =>
  whereTold(left(call, [ofSiteWide(site)]))

export interface Hanging {
  readonly instance: string
  readonly state: string
}

/** Where it hangs, comes to hang or hung a moment ago; undefined: nowhere. */
export function hangingOf({ Attachments = [] }: Volume): Hanging | undefined {
  const one = Attachments.find(({ State }) => State !== 'detached')
  return one?.InstanceId === undefined ? undefined : { instance: one.InstanceId, state: one.State ?? 'attached' }
}

/** It could not be made, and never will be. */
export const hasFailed = (volume: Volume): boolean => stateOf(volume) === 'error'

/** What failed to be made is not there. On its way to a machine it does not hang there yet; on its way off it still does. */
export function diskOf(volume: Volume): DiskSighting | undefined {
  const name = nameOf(volume)
  if (name === undefined || hasFailed(volume)) return undefined
  const hanging = hangingOf(volume)
  const zone = volume.AvailabilityZone ? { zone: volume.AvailabilityZone } : {}
  return { name, sizeGiB: volume.Size ?? 0, attached: hanging !== undefined && hanging.state !== 'attaching', ...zone }
}

/** Nothing for what bears no mark of ours. */
export const sightingsOfVolumes = (volumes: readonly Volume[]): readonly VolumeSighting[] =>
  volumes.flatMap((volume) => {
    const name = nameOf(volume)
    return name === undefined ? [] : [{ name, object: volume.VolumeId ?? '', sizeGiB: volume.Size ?? 0 }]
  })

/** The disks of each instance, by its id. */
export function disksByInstance(volumes: readonly Volume[]): ReadonlyMap<string, readonly DiskSighting[]> {
  const disks = new Map<string, DiskSighting[]>()
  for (const volume of volumes) {
    const [hanging, disk] = [hangingOf(volume), diskOf(volume)]
    // One that only comes to hang there is no disk of the machine yet.
    if (hanging === undefined || !disk?.attached) continue
    const same = disks.get(hanging.instance) ?? []
    same.push(disk)
    disks.set(hanging.instance, same)
  }
  return disks
}
