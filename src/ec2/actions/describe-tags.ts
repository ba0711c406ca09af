import type { TagDescription } from '@aws-sdk/client-ec2'
import { action, type Ec2Context } from '../action'
import { filterBy } from '../filters/filter'
import { tagFilters } from '../filters/tag-filters'
import { page } from '../paging'
import { visibleImages } from '../resources/images'
import { instanceTags } from '../show/instance-tags'

interface Found {
  readonly tag: TagDescription
  readonly madeAt: number
}

/** All tags of what the caller owns, oldest things first; of another's public image nobody else sees the tags. */
async function allTags(context: Ec2Context): Promise<readonly Found[]> {
  const { operations, caller } = context
  const instances = await operations.listComputes(caller)
  const images = (await visibleImages(context)).filter((image) => image.project === caller.project)
  const volumes = (await operations.listStorages(caller)).filter(({ record }) => record.wish.exists)
  const groups = await operations.listGroups(caller)
  const snapshots = (await operations.listSnapshots(caller)).filter(({ project }) => project === caller.project)
  const addresses = await operations.listAddresses(caller)
  const placements = await operations.listPlacementGroups(caller)
  const pairs = await operations.listKeyPairs(caller)
  const reservations = await operations.listReservations(caller)
  const templates = await operations.listLaunchTemplates(caller)
  const all = [
    ...instances.flatMap(({ wish }) =>
      tagsOf(wish.name, 'instance', { tags: instanceTags(wish), createdAt: wish.createdAt }),
    ),
    ...images.flatMap(({ wish }) => tagsOf(wish.ami, 'image', wish)),
    ...instances
      .filter(({ wish }) => wish.exists)
      .flatMap(({ wish: { disks, createdAt } }) =>
        disks.flatMap(({ volume, tags = {} }) => tagsOf(volume, 'volume', { tags, createdAt })),
      ),
    ...instances
      .filter(({ wish }) => wish.exists)
      .flatMap(({ wish: { interfaces, createdAt } }) =>
        interfaces.flatMap(({ name, tags = {}, since = createdAt }) =>
          tagsOf(name, 'network-interface', { tags, createdAt: since }),
        ),
      ),
    ...volumes.flatMap(({ record: { wish } }) => tagsOf(wish.name, 'volume', wish)),
    ...groups.flatMap(({ wish }) => tagsOf(wish.group, 'security-group', wish)),
    ...groups.flatMap(({ wish: { rules, createdAt } }) =>
      rules.flatMap(({ rule, tags = {} }) => tagsOf(rule, 'security-group-rule', { tags, createdAt })),
    ),
    ...snapshots.flatMap(({ wish }) => tagsOf(wish.name, 'snapshot', wish)),
    ...addresses.flatMap(({ record: { wish } }) => tagsOf(wish.name, 'elastic-ip', wish)),
    ...placements.flatMap(({ wish }) => tagsOf(wish.group, 'placement-group', wish)),
    ...templates.flatMap(({ wish }) => tagsOf(wish.template, 'launch-template', wish)),
    ...reservations.flatMap(({ record: { wish } }) => tagsOf(wish.name, 'capacity-reservation', wish)),
    ...pairs.flatMap(({ wish }) => tagsOf(wish.pair, 'key-pair', wish)),
  ]
  // A page whose last tag was taken away goes on by its age.
  return all.sort((one, other) => one.madeAt - other.madeAt)
}

const tagsOf = (
  id: string,
  type:
    | 'instance'
    | 'capacity-reservation'
    | 'image'
    | 'volume'
    | 'snapshot'
    | 'key-pair'
    | 'network-interface'
    | 'elastic-ip'
    | 'placement-group'
    | 'launch-template'
    | 'security-group'
    | 'security-group-rule',
  wish: { readonly tags: Readonly<Record<string, string>>; readonly createdAt: number },
): Found[] =>
  Object.entries(wish.tags).map(([Key, Value]) => ({
    tag: { Key, ResourceId: id, ResourceType: type, Value },
    madeAt: wish.createdAt,
  }))

/** DescribeTags: one entry per tag of all that the caller owns and that bears tags: DescribeTags' own filter `resource-type` names the kinds. */
export const describeTags = action(
  'DescribeTags',
  { Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    const matches = filterBy(input.Filters, tagFilters, context)
    const { things, next } = page(
      await allTags(context),
      (found) => matches(found.tag),
      input,
      {
        action: 'DescribeTags',
        min: 5,
        max: 1000,
        idOf: ({ tag }) => `${tag.ResourceId}/${tag.Key}`,
        madeAt: (found) => found.madeAt,
      },
      context,
    )
    return { Tags: things.map((found) => found.tag), NextToken: next }
  },
)
